-- Those that are not over at $3: which end later, or of which no end is said and which began no longer than $4 milliseconds before.
-- None lasts longer than $5 days, so older beginnings need no look.
SELECT n.id, coalesce(
    (SELECT v.at FROM node_versions_read v WHERE v.node = n.id ORDER BY v.version DESC LIMIT 1), n.created_at
) AS "written_at!"
FROM nodes_read n
WHERE n.dissolved_at IS NULL AND n.kind = 'event' AND n.starts_at > $3::timestamptz - make_interval(days => $5)
  AND coalesce(to_timestamp((n.particulars ->> 'ends_at')::float8 / 1000), n.starts_at + make_interval(secs => $4::float8 / 1000)) > $3
  AND ST_Covers(marks_shape($1, $2), n.point)
ORDER BY n.starts_at, n.id
LIMIT $6
