-- How each knot was after each act that wrote it, as its history shows it. Made from the log with the other read models of 0003,
-- under their checkpoint, and made again with them; not in a backup.

CREATE TABLE node_versions_read (
    node uuid NOT NULL,
    version integer NOT NULL,
    -- Whose act it was.
    role uuid NOT NULL,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    text text NOT NULL,
    -- In units of 1e-7 degrees.
    lat integer NOT NULL,
    lon integer NOT NULL,
    starts_at timestamptz,
    -- The event that made it.
    last bigint NOT NULL,
    CONSTRAINT node_versions_read_pkey PRIMARY KEY (node, version)
);

-- What the log has by now is not in it, so all read models are woven from the beginning once more. The checkpoint first: who holds it
-- weaves alone. An instance of an older version that weaves meanwhile leaves this table empty; `weltgewebe rebuild` fills it.
UPDATE checkpoints SET id = 0, at = 'epoch' WHERE name = 'weave';
TRUNCATE nodes_read, threads_read, roles_read, messages_read, profiles_read, standings_read, vouches_read, community_read;
