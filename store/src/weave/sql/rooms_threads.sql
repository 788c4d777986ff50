-- A thread belongs to the rooms of both its ends.
SELECT room.ordinality AS "room", t.id, t.kind, t.role, t.role_name, t.node, t.to_role, t.from_lat, t.from_lon,
       t.to_lat, t.to_lon, t.version, t.acts, t.level, t.since, t.drawn_at, t.expires_at, t.faded_at, t.last
FROM unnest($1::int8[], $2::int8[]) WITH ORDINALITY AS room (first, last, ordinality)
JOIN threads_read t ON t.faded_at IS NULL
    AND (t.h3_index BETWEEN room.first AND room.last OR t.spool_h3_index BETWEEN room.first AND room.last)
