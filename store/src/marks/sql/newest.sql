SELECT n.id, coalesce(
    (SELECT v.at FROM node_versions_read v WHERE v.node = n.id ORDER BY v.version DESC LIMIT 1), n.created_at
) AS "written_at!"
FROM (SELECT marks_shape($1, $2) AS shape OFFSET 0) asked
JOIN nodes_read n ON ST_Covers(asked.shape, n.point)
WHERE n.dissolved_at IS NULL AND (cardinality($3::text[]) = 0 OR n.kind = ANY($3))
ORDER BY n.created_at DESC, n.id
LIMIT $4
