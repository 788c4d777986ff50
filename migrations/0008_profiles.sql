-- What roles say of themselves, as their pages show it. Made from the log with the other read models of 0003, under their
-- checkpoint, and made again with them; not in a backup.

CREATE TABLE profiles_read (
    role uuid NOT NULL,
    about text NOT NULL,
    goods text[] NOT NULL,
    skills text[] NOT NULL,
    languages text[] NOT NULL,
    -- The last event that changed the row.
    last bigint NOT NULL,
    CONSTRAINT profiles_read_pkey PRIMARY KEY (role)
);
