SELECT room.ordinality AS "room", r.role, r.name, r.version, r.show, r.radius_m, r.lat, r.lon, r.registered_at,
       r.acted_at, r.last
FROM unnest($1::int8[], $2::int8[]) WITH ORDINALITY AS room (first, last, ordinality)
JOIN roles_read r ON r.h3_index BETWEEN room.first AND room.last
