INSERT INTO threads_read
    (id, kind, role, role_name, node, to_role, from_lat, from_lon, spool_h3_index, to_lat, to_lon, h3_index, version, acts,
     drawn_at, expires_at, faded_at, last, level, since)
SELECT id, kind, role, role_name, node, to_role, from_lat, from_lon, spool_h3_index, to_lat, to_lon, h3_index, version, acts,
       drawn_at, expires_at, faded_at, last, level, since
FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::uuid[], $6::int4[], $7::int4[], $8::int8[],
            $9::int4[], $10::int4[], $11::int8[], $12::int4[], $13::int4[], $14::timestamptz[],
            $15::timestamptz[], $16::timestamptz[], $17::int8[], $18::uuid[], $19::text[], $20::timestamptz[])
    AS new (id, kind, role, role_name, node, from_lat, from_lon, spool_h3_index, to_lat, to_lon, h3_index, version,
            acts, drawn_at, expires_at, faded_at, last, to_role, level, since)
ON CONFLICT (id) DO UPDATE SET
    role_name = excluded.role_name,
    from_lat = excluded.from_lat,
    from_lon = excluded.from_lon,
    spool_h3_index = excluded.spool_h3_index,
    to_lat = excluded.to_lat,
    to_lon = excluded.to_lon,
    h3_index = excluded.h3_index,
    version = excluded.version,
    acts = excluded.acts,
    level = excluded.level,
    since = excluded.since,
    drawn_at = excluded.drawn_at,
    expires_at = excluded.expires_at,
    faded_at = excluded.faded_at,
    last = excluded.last
