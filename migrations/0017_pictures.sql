-- Pictures. What was uploaded is kept: it is in backups, sealed with its role's key, and no event carries it. The rest are columns of
-- the read models of 0003, 0008 and 0012, made again with them, so all of this may run more than once.

CREATE TABLE IF NOT EXISTS blobs (
    -- Derived from whose it is, what it is for and what it shows: the same picture uploaded twice is kept once.
    id uuid NOT NULL,
    role uuid NOT NULL,
    -- The knot that it was uploaded for; null: the role itself.
    node uuid,
    -- Nonce and ciphertext of a JPEG file each.
    large bytea NOT NULL,
    small bytea NOT NULL,
    -- Of both together.
    bytes integer NOT NULL,
    made_at timestamptz NOT NULL,
    -- Since when nothing that lives shows it; null: something does.
    unheld_since timestamptz,
    CONSTRAINT blobs_pkey PRIMARY KEY (id)
);
ALTER TABLE blobs ALTER COLUMN large SET STORAGE EXTERNAL, ALTER COLUMN small SET STORAGE EXTERNAL;
CREATE INDEX IF NOT EXISTS blobs_role ON blobs (role) INCLUDE (bytes);
CREATE INDEX IF NOT EXISTS blobs_unheld_since ON blobs (unheld_since) WHERE unheld_since IS NOT NULL;

-- A list of objects with the id of a picture and what it shows.
ALTER TABLE nodes_read ADD COLUMN IF NOT EXISTS pictures jsonb NOT NULL DEFAULT '[]';
ALTER TABLE node_versions_read ADD COLUMN IF NOT EXISTS pictures jsonb NOT NULL DEFAULT '[]';
ALTER TABLE profiles_read ADD COLUMN IF NOT EXISTS picture uuid;
CREATE INDEX IF NOT EXISTS nodes_read_pictures ON nodes_read (id) WHERE pictures <> '[]' AND dissolved_at IS NULL;
