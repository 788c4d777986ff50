-- The shape is a constant when this is planned: a small one is looked up by place, of a large one the newest are read until there are
-- enough.
SELECT n.id, coalesce(
    (SELECT v.at FROM node_versions_read v WHERE v.node = n.id ORDER BY v.version DESC LIMIT 1), n.created_at
) AS "written_at!"
FROM nodes_read n
WHERE n.dissolved_at IS NULL AND ST_Covers(marks_shape($1, $2), n.point) AND (cardinality($3::text[]) = 0 OR n.kind = ANY($3))
ORDER BY n.created_at DESC, n.id
LIMIT $4
