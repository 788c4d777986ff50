SELECT n.id, n.kind, n.title, n.text, n.lat, n.lon, n.owner, n.owner_name, n.version, n.created_at, n.starts_at,
       n.holds_until, n.yarns, n.dissolved_at, n.last,
       (SELECT count(*) FROM threads_read t WHERE t.node = n.id AND t.faded_at IS NULL) AS "threads!"
FROM nodes_read n
WHERE n.dissolved_at IS NULL
ORDER BY ST_Distance(n.point, ST_SetSRID(ST_MakePoint($1, $2), 4326)::geography)
LIMIT $3
