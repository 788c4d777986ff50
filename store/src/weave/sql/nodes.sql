INSERT INTO nodes_read
    (id, kind, title, text, lat, lon, h3_index, owner, owner_name, version, created_at, starts_at, holds_until,
     yarns, dissolved_at, last, particulars, pictures, covers)
SELECT id, kind, title, text, lat, lon, h3_index, owner, owner_name, version, created_at, starts_at, holds_until,
       yarns::jsonb, dissolved_at, last, particulars::jsonb, pictures::jsonb, covers::jsonb
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::int4[], $6::int4[], $7::int8[], $8::uuid[],
            $9::text[], $10::int4[], $11::timestamptz[], $12::timestamptz[], $13::timestamptz[], $14::text[],
            $15::timestamptz[], $16::int8[], $17::text[], $18::text[], $19::text[])
    AS new (id, kind, title, text, lat, lon, h3_index, owner, owner_name, version, created_at, starts_at,
            holds_until, yarns, dissolved_at, last, particulars, pictures, covers)
ON CONFLICT (id) DO UPDATE SET
    kind = excluded.kind,
    title = excluded.title,
    text = excluded.text,
    lat = excluded.lat,
    lon = excluded.lon,
    h3_index = excluded.h3_index,
    starts_at = excluded.starts_at,
    owner_name = excluded.owner_name,
    version = excluded.version,
    holds_until = excluded.holds_until,
    yarns = excluded.yarns,
    covers = excluded.covers,
    dissolved_at = excluded.dissolved_at,
    last = excluded.last,
    particulars = excluded.particulars,
    pictures = excluded.pictures
