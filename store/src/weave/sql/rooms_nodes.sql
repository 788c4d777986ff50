SELECT room.ordinality AS "room", n.id, n.kind, n.title, n.text, n.lat, n.lon, n.owner, n.owner_name, n.version,
       n.created_at, n.starts_at, n.holds_until, n.yarns, n.covers, n.dissolved_at, n.last, n.particulars, n.pictures
FROM unnest($1::int8[], $2::int8[]) WITH ORDINALITY AS room (first, last, ordinality)
JOIN nodes_read n ON n.h3_index BETWEEN room.first AND room.last AND n.dissolved_at IS NULL
