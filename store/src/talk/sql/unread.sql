-- Newest messages alone are looked at, by the index of (node, nth): what a long absence or a busy parlour costs has a bound.
SELECT taken.node AS "node!", n.title, new.count AS "count!", new.first - 1 AS "read!"
FROM (
    (SELECT t.node FROM threads_read t WHERE t.role = $1 AND t.node IS NOT NULL GROUP BY t.node ORDER BY max(t.drawn_at) DESC LIMIT $3)
    UNION SELECT $2::uuid
) taken
JOIN nodes_read n ON n.id = taken.node AND n.dissolved_at IS NULL
JOIN roles_read me ON me.role = $1
LEFT JOIN marks_read mark ON mark.role = $1 AND mark.node = taken.node
CROSS JOIN LATERAL (SELECT max(m.nth) AS nth FROM messages_read m WHERE m.node = taken.node) newest
CROSS JOIN LATERAL (
    SELECT count(*) AS count, min(m.nth) AS first, max(m.said_at) AS at
    FROM messages_read m
    WHERE m.node = taken.node AND m.nth > greatest(coalesce(mark.nth, 0), newest.nth - $4)
      AND m.role <> $1 AND NOT m.is_withdrawn AND m.said_at >= me.registered_at
) new
WHERE new.count > 0
ORDER BY new.at DESC, taken.node
