-- What can be taken back or undone: whether a weaver is one by vouches, which then stand, and when it was what was an event.

ALTER TABLE standings_read ADD COLUMN is_granted boolean NOT NULL DEFAULT false;

-- The log has both, so all read models are woven from the beginning once more. The checkpoint first: who holds it weaves alone.
UPDATE checkpoints SET id = 0, at = 'epoch' WHERE name = 'weave';
TRUNCATE nodes_read, threads_read, roles_read, messages_read, profiles_read, standings_read, vouches_read, community_read,
    node_versions_read;
