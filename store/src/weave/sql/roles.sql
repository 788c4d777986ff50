INSERT INTO roles_read
    (role, name, version, show, radius_m, lat, lon, h3_index, registered_at, acted_at, last)
SELECT role, name, version, show, radius_m, lat, lon, h3_index, registered_at, acted_at, last
FROM unnest($1::uuid[], $2::text[], $3::int4[], $4::text[], $5::int2[], $6::int4[], $7::int4[], $8::int8[],
            $9::timestamptz[], $10::timestamptz[], $11::int8[])
    AS new (role, name, version, show, radius_m, lat, lon, h3_index, registered_at, acted_at, last)
ON CONFLICT (role) DO UPDATE SET
    name = excluded.name,
    version = excluded.version,
    show = excluded.show,
    radius_m = excluded.radius_m,
    lat = excluded.lat,
    lon = excluded.lon,
    h3_index = excluded.h3_index,
    acted_at = excluded.acted_at,
    last = excluded.last
