-- Threads are looked up by their knot alone: asked in the words of the indexes of those that hold, a planner without statistics reads
-- one of these as a whole for each knot.
SELECT n.id,
       (SELECT count(*) FILTER (WHERE t.faded_at IS NULL) FROM threads_read t WHERE t.node = n.id) AS "threads!"
FROM nodes_read n
WHERE n.dissolved_at IS NULL
  AND (cardinality($4::text[]) = 0 OR n.kind = ANY($4))
  AND (NOT $5::boolean
       OR (n.owner = $8 AND $6::timestamptz IS NULL AND NOT $7::boolean)
       OR EXISTS (SELECT FROM threads_read t
                  WHERE t.node = n.id AND (t.faded_at IS NULL) IS TRUE
                    AND ($6::timestamptz IS NULL OR t.drawn_at >= $6)
                    AND (NOT $7::boolean OR t.expires_at IS NULL)
                    AND ($8::uuid IS NULL OR t.role = $8)))
ORDER BY ST_Distance(n.point, ST_SetSRID(ST_MakePoint($1, $2), 4326)::geography)
LIMIT $3
