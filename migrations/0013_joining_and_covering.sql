-- How somebody joined, since when a thread has been drawn again, and what a yarn covers of its knot. Made from the log with the other
-- read models of 0003, under their checkpoint, and made again with them; not in a backup.

ALTER TABLE threads_read
    -- Of a thread of joining, and only of one.
    ADD COLUMN level text,
    -- The first of its acts; null where there was one.
    ADD COLUMN since timestamptz,
    ADD CONSTRAINT threads_read_level CHECK ((level IS NULL) OR (kind = 'join'));

-- Of the yarns of which it was said.
ALTER TABLE nodes_read ADD COLUMN covers jsonb NOT NULL DEFAULT '[]';

-- What the log has by now is not in it, so all read models are woven from the beginning once more, as in 0012.
UPDATE checkpoints SET id = 0, at = 'epoch' WHERE name = 'weave';
TRUNCATE nodes_read, threads_read, roles_read, messages_read, profiles_read, standings_read, vouches_read, community_read,
         node_versions_read;
