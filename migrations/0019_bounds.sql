-- What keeps reading bounded where much is said and knotted, whose code weaves the read models, and which pictures were ever shown.
-- Indexes and columns of the read models are made again with them, so all of this may run more than once.

-- What was said at a knot since a moment.
CREATE INDEX IF NOT EXISTS messages_read_said ON messages_read (node, said_at, nth);
-- Words with an @ in them, by when they were last written, and by the letters of whom they name.
CREATE INDEX IF NOT EXISTS messages_read_written ON messages_read ((coalesce(changed_at, said_at)))
    WHERE text LIKE '%@%' AND NOT is_withdrawn;
CREATE INDEX IF NOT EXISTS messages_read_naming ON messages_read USING gin (text gin_trgm_ops)
    WITH (gin_pending_list_limit = 512) WHERE text LIKE '%@%' AND NOT is_withdrawn;
-- Names by how they begin.
CREATE INDEX IF NOT EXISTS roles_read_beginning ON roles_read (lower(name) text_pattern_ops);
-- The newest knots, and the next events, read from the front until there are enough.
CREATE INDEX IF NOT EXISTS nodes_read_newest ON nodes_read (created_at DESC, id) WHERE dissolved_at IS NULL;
CREATE INDEX IF NOT EXISTS nodes_read_coming ON nodes_read (starts_at, id) WHERE kind = 'event' AND dissolved_at IS NULL;

-- Up to which event was looked at, since more than one may have the same moment. The greatest: all of that moment.
ALTER TABLE marks_seen
    ADD COLUMN IF NOT EXISTS seen_event bigint NOT NULL DEFAULT 9223372036854775807,
    ADD COLUMN IF NOT EXISTS new_from_event bigint NOT NULL DEFAULT 9223372036854775807;

-- Whose rows these are: `weave::project::VERSION` of the program that weaves them. Another one leaves them alone. A migration that has
-- all woven anew counts it up here with the checkpoint that it sets back.
ALTER TABLE checkpoints ADD COLUMN IF NOT EXISTS version integer NOT NULL DEFAULT 1;

-- When something last began to show it; null: nothing ever did. Of those of before it is not known: they have the longer time.
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM information_schema.columns WHERE table_name = 'blobs' AND column_name = 'shown_at') THEN
        ALTER TABLE blobs ADD COLUMN shown_at timestamptz;
        UPDATE blobs SET shown_at = made_at;
    END IF;
END $$;
