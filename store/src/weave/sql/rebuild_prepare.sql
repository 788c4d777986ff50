-- Tables beside the ones in use, with what the projection's statements need and no more: no geography, no index but the keys.
-- A crash leaves nothing of them that anybody would need.
DROP SCHEMA IF EXISTS rebuild CASCADE;
CREATE SCHEMA rebuild;
CREATE UNLOGGED TABLE rebuild.checkpoints (LIKE public.checkpoints INCLUDING ALL);
CREATE UNLOGGED TABLE rebuild.nodes_read (LIKE public.nodes_read);
CREATE UNLOGGED TABLE rebuild.threads_read (LIKE public.threads_read);
CREATE UNLOGGED TABLE rebuild.roles_read (LIKE public.roles_read);
CREATE UNLOGGED TABLE rebuild.messages_read (LIKE public.messages_read INCLUDING ALL EXCLUDING INDEXES);
CREATE UNLOGGED TABLE rebuild.profiles_read (LIKE public.profiles_read INCLUDING ALL EXCLUDING INDEXES);
CREATE UNLOGGED TABLE rebuild.standings_read (LIKE public.standings_read INCLUDING ALL);
CREATE UNLOGGED TABLE rebuild.vouches_read (LIKE public.vouches_read INCLUDING ALL);
CREATE UNLOGGED TABLE rebuild.community_read (LIKE public.community_read INCLUDING ALL);
CREATE UNLOGGED TABLE rebuild.node_versions_read (LIKE public.node_versions_read INCLUDING ALL);
ALTER TABLE rebuild.nodes_read DROP COLUMN point, ADD PRIMARY KEY (id);
ALTER TABLE rebuild.threads_read DROP COLUMN line, ADD PRIMARY KEY (id);
ALTER TABLE rebuild.roles_read DROP COLUMN point, ADD PRIMARY KEY (role);
ALTER TABLE rebuild.messages_read ADD PRIMARY KEY (id), ADD UNIQUE (node, nth);
ALTER TABLE rebuild.profiles_read ADD PRIMARY KEY (role);
INSERT INTO rebuild.checkpoints (name, id, at) VALUES ('weave', 0, 'epoch');
SET search_path = rebuild, public;
