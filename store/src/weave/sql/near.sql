SELECT n.id,
       (SELECT count(*) FROM threads_read t WHERE t.node = n.id AND t.faded_at IS NULL) AS "threads!"
FROM nodes_read n
WHERE n.dissolved_at IS NULL
ORDER BY n.point <-> ST_SetSRID(ST_MakePoint($1, $2), 4326)::geography
LIMIT $3
