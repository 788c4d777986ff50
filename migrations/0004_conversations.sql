-- What was said, as conversations are read. Made from the log with the other read models of 0003, under their checkpoint, and made
-- again with them; not in a backup.

CREATE TABLE messages_read (
    id uuid NOT NULL,
    -- The conversation's knot.
    node uuid NOT NULL,
    -- Its place in the conversation, from 1.
    nth integer NOT NULL,
    role uuid NOT NULL,
    text text NOT NULL,
    said_at timestamptz NOT NULL,
    -- The last event that changed the row.
    last bigint NOT NULL,
    CONSTRAINT messages_read_pkey PRIMARY KEY (id),
    CONSTRAINT messages_read_place_once UNIQUE (node, nth)
);
