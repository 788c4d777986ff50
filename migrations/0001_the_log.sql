-- The log and what the door keeps beside it. These tables are kept: no projection, in every backup.
-- Forward only, expand then contract: the binary before this one must survive it.

CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;

-- Keys are backed up apart from what they open, and for a short time only.
CREATE SCHEMA keys;
-- State that is older than the hot log.
CREATE SCHEMA snapshots;

CREATE TABLE events (
    id bigint NOT NULL,
    at timestamptz NOT NULL,
    type text NOT NULL,
    v integer NOT NULL,
    stream text NOT NULL,
    stream_version integer NOT NULL,
    actor jsonb NOT NULL,
    -- The role behind the actor; null for the system's own.
    actor_id uuid,
    command_id uuid NOT NULL,
    causation_id bigint,
    correlation_id bigint NOT NULL,
    -- H3 at resolution 12, as a signed integer.
    h3_index bigint,
    tie jsonb,
    payload jsonb NOT NULL,
    CONSTRAINT events_pkey PRIMARY KEY (id, at),
    CONSTRAINT events_stream_version_counts CHECK (stream_version > 0)
) PARTITION BY RANGE (at);
CREATE INDEX events_type ON events (type);
CREATE INDEX events_h3_index ON events (h3_index);
CREATE INDEX events_at ON events USING brin (at);

-- Makes the partition of a day (in UTC) if it is missing and says whether it was. It is attached, not created in
-- place, so that nobody who reads or writes the other days has to wait.
CREATE FUNCTION make_events_partition(day date) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    name text := 'events_' || to_char(day, 'YYYYMMDD');
BEGIN
    IF to_regclass(name) IS NOT NULL THEN
        RETURN false;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('make_events_partition'));
    IF to_regclass(name) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE events INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
    EXECUTE format('ALTER TABLE events ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name,
        day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
    RETURN true;
END
$$;

-- One row: the lock of the door, the allocator of ids and the floor of the clock.
CREATE TABLE log_head (
    one boolean NOT NULL DEFAULT true,
    epoch uuid NOT NULL,
    id bigint NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT log_head_is_one_row PRIMARY KEY (one),
    CONSTRAINT log_head_one CHECK (one)
);

CREATE TABLE streams (
    stream text NOT NULL,
    version integer NOT NULL,
    -- The first event of the story that the stream belongs to.
    story bigint NOT NULL,
    v smallint NOT NULL,
    state jsonb NOT NULL,
    CONSTRAINT streams_pkey PRIMARY KEY (stream)
);

-- What became of a command: the position of its last event, or the refusal.
CREATE TABLE receipts (
    command_id uuid NOT NULL,
    -- Null for the system's own.
    role uuid,
    -- Keyed, over role and command: it tells nobody what was in it.
    hash bytea NOT NULL,
    event_id bigint,
    event_at timestamptz,
    refusal jsonb,
    at timestamptz NOT NULL,
    CONSTRAINT receipts_pkey PRIMARY KEY (command_id),
    CONSTRAINT receipts_one_outcome CHECK (
        (event_id IS NULL) = (event_at IS NULL) AND (event_id IS NULL) <> (refusal IS NULL))
);
CREATE INDEX receipts_at ON receipts USING brin (at);

CREATE TABLE deadlines (
    stream text NOT NULL,
    due timestamptz NOT NULL,
    command jsonb NOT NULL,
    -- The event that set it.
    cause bigint NOT NULL,
    CONSTRAINT deadlines_pkey PRIMARY KEY (stream)
);
CREATE INDEX deadlines_due ON deadlines (due);

CREATE TABLE keys.roles (
    role uuid NOT NULL,
    key bytea NOT NULL,
    made_at timestamptz NOT NULL,
    CONSTRAINT roles_pkey PRIMARY KEY (role),
    CONSTRAINT roles_key_is_256_bits CHECK (length(key) = 32)
);

-- Keys of the house: of hashes that must not be computable outside.
CREATE TABLE keys.house (
    name text NOT NULL,
    key bytea NOT NULL,
    CONSTRAINT house_pkey PRIMARY KEY (name),
    CONSTRAINT house_key_is_256_bits CHECK (length(key) = 32)
);

-- True points. Nothing outside this table holds one of a role that is not exact.
CREATE TABLE places_private (
    role uuid NOT NULL,
    show text NOT NULL,
    radius_m smallint,
    -- In units of 1e-7 degrees; null where hidden.
    lat integer,
    lon integer,
    -- One displacement per radius (100, 250, 500, 1000, 2000, 5000 m), drawn once.
    east_ppm integer[] NOT NULL,
    north_ppm integer[] NOT NULL,
    CONSTRAINT places_private_pkey PRIMARY KEY (role),
    CONSTRAINT places_private_show CHECK (show IN ('hidden', 'exact', 'radius')),
    CONSTRAINT places_private_point CHECK ((show = 'hidden') = (lat IS NULL) AND (lat IS NULL) = (lon IS NULL)),
    CONSTRAINT places_private_radius CHECK ((show = 'radius') = (radius_m IS NOT NULL)),
    CONSTRAINT places_private_offsets CHECK (cardinality(east_ppm) = 6 AND cardinality(north_ppm) = 6)
);
