-- What rooms and pages read. All of it is made from the log and can be made again; none of it is in a backup.

CREATE TABLE checkpoints (
    name text NOT NULL,
    -- The last event that is in the rows.
    id bigint NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT checkpoints_pkey PRIMARY KEY (name)
);
INSERT INTO checkpoints (name, id, at) VALUES ('weave', 0, 'epoch');

CREATE TABLE nodes_read (
    id uuid NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    text text NOT NULL,
    -- In units of 1e-7 degrees.
    lat integer NOT NULL,
    lon integer NOT NULL,
    point geography(Point, 4326) NOT NULL
        GENERATED ALWAYS AS (ST_SetSRID(ST_MakePoint(lon / 1e7, lat / 1e7), 4326)::geography) STORED,
    h3_index bigint NOT NULL,
    owner uuid NOT NULL,
    owner_name text NOT NULL,
    version integer NOT NULL,
    created_at timestamptz NOT NULL,
    starts_at timestamptz,
    holds_until timestamptz NOT NULL,
    yarns jsonb NOT NULL,
    dissolved_at timestamptz,
    -- The last event that changed the row.
    last bigint NOT NULL,
    CONSTRAINT nodes_read_pkey PRIMARY KEY (id)
);
CREATE INDEX nodes_read_h3_index ON nodes_read (h3_index) WHERE dissolved_at IS NULL;
CREATE INDEX nodes_read_point ON nodes_read USING gist (point) WHERE dissolved_at IS NULL;
CREATE INDEX nodes_read_owner ON nodes_read (owner);
CREATE INDEX nodes_read_created_at ON nodes_read (created_at);

CREATE TABLE threads_read (
    id uuid NOT NULL,
    kind text NOT NULL,
    role uuid NOT NULL,
    role_name text NOT NULL,
    node uuid NOT NULL,
    -- The spool's published point; null where it is hidden.
    from_lat integer,
    from_lon integer,
    spool_h3_index bigint,
    to_lat integer NOT NULL,
    to_lon integer NOT NULL,
    h3_index bigint NOT NULL,
    -- From spool to knot; where the spool is hidden only the knot's point, twice.
    line geography(LineString, 4326) NOT NULL
        GENERATED ALWAYS AS (ST_SetSRID(ST_MakeLine(
            ST_MakePoint(coalesce(from_lon, to_lon) / 1e7, coalesce(from_lat, to_lat) / 1e7),
            ST_MakePoint(to_lon / 1e7, to_lat / 1e7)), 4326)::geography) STORED,
    version integer NOT NULL,
    acts integer NOT NULL,
    drawn_at timestamptz NOT NULL,
    -- Null: it is yarn.
    expires_at timestamptz,
    faded_at timestamptz,
    last bigint NOT NULL,
    CONSTRAINT threads_read_pkey PRIMARY KEY (id)
);
CREATE INDEX threads_read_h3_index ON threads_read (h3_index) WHERE faded_at IS NULL;
CREATE INDEX threads_read_spool_h3_index ON threads_read (spool_h3_index) WHERE faded_at IS NULL;
CREATE INDEX threads_read_line ON threads_read USING gist (line) WHERE faded_at IS NULL;
CREATE INDEX threads_read_role ON threads_read (role);
CREATE INDEX threads_read_node ON threads_read (node);

CREATE TABLE roles_read (
    role uuid NOT NULL,
    name text NOT NULL,
    version integer NOT NULL,
    show text NOT NULL,
    radius_m smallint,
    -- The published point; null where it is hidden.
    lat integer,
    lon integer,
    point geography(Point, 4326)
        GENERATED ALWAYS AS (ST_SetSRID(ST_MakePoint(lon / 1e7, lat / 1e7), 4326)::geography) STORED,
    h3_index bigint,
    registered_at timestamptz NOT NULL,
    acted_at timestamptz NOT NULL,
    last bigint NOT NULL,
    CONSTRAINT roles_read_pkey PRIMARY KEY (role)
);
CREATE INDEX roles_read_h3_index ON roles_read (h3_index);
CREATE INDEX roles_read_point ON roles_read USING gist (point);
