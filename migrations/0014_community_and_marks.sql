-- What the community is called and where it is: of the read models of 0003, made from the log with them and made again with them.
ALTER TABLE community_read
    -- Empty: it has none of its own.
    ADD COLUMN name text NOT NULL DEFAULT '',
    -- In units of 1e-7 degrees; null: nobody has said where.
    ADD COLUMN lat integer,
    ADD COLUMN lon integer,
    ADD COLUMN radius_m integer,
    ADD CONSTRAINT community_read_centre_whole CHECK ((lat IS NULL) = (lon IS NULL));

-- How far a role has read in a conversation. A kept table, private and in no event; it is here still when the read models are made anew
-- after their tables were lost, which runs this file again.
CREATE TABLE IF NOT EXISTS marks_read (
    role uuid NOT NULL,
    -- The conversation's knot.
    node uuid NOT NULL,
    -- The place in the conversation of the newest message that was on a screen.
    nth integer NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT marks_read_pkey PRIMARY KEY (role, node)
);
