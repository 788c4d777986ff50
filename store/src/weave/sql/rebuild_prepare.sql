DROP SCHEMA IF EXISTS rebuild CASCADE;
CREATE SCHEMA rebuild;
CREATE TABLE rebuild.checkpoints (LIKE public.checkpoints INCLUDING ALL);
CREATE TABLE rebuild.nodes_read (LIKE public.nodes_read INCLUDING ALL);
CREATE TABLE rebuild.threads_read (LIKE public.threads_read INCLUDING ALL);
CREATE TABLE rebuild.roles_read (LIKE public.roles_read INCLUDING ALL);
CREATE TABLE rebuild.messages_read (LIKE public.messages_read INCLUDING ALL);
INSERT INTO rebuild.checkpoints (name, id, at) VALUES ('weave', 0, 'epoch');
SET search_path = rebuild, public;
