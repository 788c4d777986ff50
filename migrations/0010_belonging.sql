-- Who belongs: where roles stand, who vouches for whom, and what the community asks for; and threads that lead to roles. Made from the
-- log with the other read models of 0003, under their checkpoint, and made again with them; not in a backup.

CREATE TABLE standings_read (
    role uuid NOT NULL,
    -- Null: it is a guest.
    weaver_since timestamptz,
    admin_since timestamptz,
    -- The last event that changed the row.
    last bigint NOT NULL,
    CONSTRAINT standings_read_pkey PRIMARY KEY (role)
);

CREATE TABLE vouches_read (
    -- Who is vouched for.
    role uuid NOT NULL,
    by_role uuid NOT NULL,
    -- The event by which it was given: they are told in its order.
    given bigint NOT NULL,
    CONSTRAINT vouches_read_pkey PRIMARY KEY (role, by_role)
);
CREATE INDEX vouches_read_by_role ON vouches_read (by_role);

-- One row at most.
CREATE TABLE community_read (
    one boolean NOT NULL DEFAULT true,
    vouches_needed integer NOT NULL,
    last bigint NOT NULL,
    CONSTRAINT community_read_pkey PRIMARY KEY (one),
    CONSTRAINT community_read_one CHECK (one)
);

-- A thread leads to a knot or to a role, whose published point is null where it is hidden.
ALTER TABLE threads_read
    ALTER COLUMN node DROP NOT NULL,
    ADD COLUMN to_role uuid,
    ADD CONSTRAINT threads_read_one_target CHECK ((node IS NULL) <> (to_role IS NULL)),
    DROP COLUMN line,
    ALTER COLUMN to_lat DROP NOT NULL,
    ALTER COLUMN to_lon DROP NOT NULL,
    ALTER COLUMN h3_index DROP NOT NULL;
-- From end to end; where one of them is hidden only the other's point, twice.
ALTER TABLE threads_read ADD COLUMN line geography(LineString, 4326)
    GENERATED ALWAYS AS (ST_SetSRID(ST_MakeLine(
        ST_MakePoint(coalesce(from_lon, to_lon) / 1e7, coalesce(from_lat, to_lat) / 1e7),
        ST_MakePoint(coalesce(to_lon, from_lon) / 1e7, coalesce(to_lat, from_lat) / 1e7)), 4326)::geography) STORED;
CREATE INDEX threads_read_line ON threads_read USING gist (line) WHERE faded_at IS NULL;
CREATE INDEX threads_read_to_role ON threads_read (to_role) WHERE to_role IS NOT NULL;
