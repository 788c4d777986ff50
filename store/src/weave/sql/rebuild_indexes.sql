-- For a log whose rows don't fit into memory: what is carried from roles and knots into their threads is looked up again.
CREATE INDEX IF NOT EXISTS nodes_read_owner ON rebuild.nodes_read (owner);
CREATE INDEX IF NOT EXISTS threads_read_role ON rebuild.threads_read (role);
CREATE INDEX IF NOT EXISTS threads_read_node ON rebuild.threads_read (node);
CREATE INDEX IF NOT EXISTS threads_read_to_role ON rebuild.threads_read (to_role) WHERE to_role IS NOT NULL;
