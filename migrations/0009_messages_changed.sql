-- A message can be said otherwise, taken back, and answer another one.
ALTER TABLE messages_read
    -- The message that it answers.
    ADD COLUMN reply_to uuid,
    -- When it was last said otherwise.
    ADD COLUMN changed_at timestamptz,
    -- Its author took it back: the row stays in its place, its text is empty.
    ADD COLUMN is_withdrawn boolean NOT NULL DEFAULT false;
