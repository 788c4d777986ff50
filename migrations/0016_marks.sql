-- What members keep for themselves: parts of the map that they follow, and what of the news they have seen. Kept tables: no event, no
-- projection, in every backup. All of this may run more than once: the index at the end is made again with its read model.

-- What corners enclose, in units of 1e-7 degrees; each side is the shorter way around the globe, so that the antimeridian is no edge.
CREATE OR REPLACE FUNCTION marks_shape(lats integer[], lons integer[]) RETURNS geography
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (
        SELECT ST_MakePolygon(ST_MakeLine(array_agg(ST_SetSRID(ST_MakePoint(lon / 1e7, lat / 1e7), 4326) ORDER BY nth)))::geography
        FROM unnest(lats || lats[1], lons || lons[1]) WITH ORDINALITY AS corner (lat, lon, nth)
    );

CREATE TABLE IF NOT EXISTS marks_areas (
    id uuid NOT NULL,
    account uuid NOT NULL,
    name text NOT NULL,
    -- Kinds of knots by their codes; empty: all of them.
    kinds text[] NOT NULL,
    lats integer[] NOT NULL,
    lons integer[] NOT NULL,
    shape geography(Polygon, 4326) NOT NULL GENERATED ALWAYS AS (marks_shape(lats, lons)) STORED,
    -- Which address its feeds have by now: each new one ends the one before.
    feed integer NOT NULL DEFAULT 1,
    made_at timestamptz NOT NULL,
    CONSTRAINT marks_areas_pkey PRIMARY KEY (id),
    CONSTRAINT marks_areas_account FOREIGN KEY (account) REFERENCES accounts (id) ON DELETE CASCADE,
    CONSTRAINT marks_areas_corners CHECK (cardinality(lats) = cardinality(lons) AND cardinality(lats) BETWEEN 3 AND 32)
);
CREATE INDEX IF NOT EXISTS marks_areas_of_account ON marks_areas (account, made_at);

CREATE TABLE IF NOT EXISTS marks_seen (
    account uuid NOT NULL,
    -- All up to there has been looked at.
    seen_at timestamptz NOT NULL,
    -- What came after that was new at the last look.
    new_from timestamptz NOT NULL,
    looked_at timestamptz NOT NULL,
    CONSTRAINT marks_seen_pkey PRIMARY KEY (account),
    CONSTRAINT marks_seen_account FOREIGN KEY (account) REFERENCES accounts (id) ON DELETE CASCADE
);

-- What is said to somebody: an answer, or words with an @ in them.
CREATE INDEX IF NOT EXISTS messages_read_addressed ON messages_read (said_at)
    WHERE (reply_to IS NOT NULL OR text LIKE '%@%') AND NOT is_withdrawn;
