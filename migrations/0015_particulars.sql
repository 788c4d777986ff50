-- What a knot says of its own kind: the end and time zone of an event, the nights and guests of a bed, until when a tool is lent.
-- Nothing in the log by now says any of it, so no row has to be woven again, and an instance of an older version writes none.
ALTER TABLE nodes_read ADD COLUMN particulars jsonb NOT NULL DEFAULT '{}';
ALTER TABLE node_versions_read ADD COLUMN particulars jsonb NOT NULL DEFAULT '{}';
