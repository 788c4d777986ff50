-- $1 the account, $2 its role or null; what came after $3, at most $4 of each sort; $5 of one's own knots are looked at, and $6 messages
-- with an @ in them, of which whoever asks finds out whom they mention.
WITH own AS (
    SELECT id FROM nodes_read WHERE owner = $2 AND dissolved_at IS NULL ORDER BY created_at DESC LIMIT $5
), said AS (
    -- The last word of each day at each of one's own knots: one notice, however much is said.
    SELECT DISTINCT ON (lately.node, lately.day) lately.*
    FROM own CROSS JOIN LATERAL (
        SELECT m.node, m.id, m.nth, m.role, m.said_at, (m.said_at AT TIME ZONE 'UTC')::date AS day
        FROM messages_read m WHERE m.node = own.id AND m.said_at > $3 AND m.role <> $2 AND NOT m.is_withdrawn
        ORDER BY m.nth DESC LIMIT $4
    ) lately
    ORDER BY lately.node, lately.day, lately.nth DESC
)
(
    -- Each knot once, in the area that was kept first.
    SELECT * FROM (
        SELECT DISTINCT ON (n.id) 'area' AS "why!", n.created_at AS "at!", n.id AS "node!", n.owner AS "role!", NULL::uuid AS message,
               a.name AS area, NULL::text AS text
        FROM marks_areas a JOIN nodes_read n ON ST_Covers(a.shape, n.point)
        WHERE a.account = $1 AND n.dissolved_at IS NULL AND n.created_at > $3 AND n.created_at > a.made_at
          AND n.owner IS DISTINCT FROM $2 AND (cardinality(a.kinds) = 0 OR n.kind = ANY(a.kinds))
        ORDER BY n.id, a.made_at, a.id
    ) fresh ORDER BY "at!" DESC LIMIT $4
) UNION ALL (
    SELECT 'answer', m.said_at, m.node, m.role, m.id, NULL, NULL
    FROM messages_read m JOIN messages_read answered ON answered.id = m.reply_to
    WHERE (m.reply_to IS NOT NULL OR m.text LIKE '%@%') AND NOT m.is_withdrawn
      AND m.said_at > $3 AND m.role <> $2 AND answered.role = $2
    ORDER BY m.said_at DESC LIMIT $4
) UNION ALL (
    SELECT 'mention', m.said_at, m.node, m.role, m.id, NULL, m.text
    FROM messages_read m
    WHERE (m.reply_to IS NOT NULL OR m.text LIKE '%@%') AND NOT m.is_withdrawn
      AND m.text LIKE '%@%' AND m.said_at > $3 AND m.role <> $2
    ORDER BY m.said_at DESC LIMIT $6
) UNION ALL (
    SELECT 'said', said_at, node, role, id, NULL, NULL FROM said
) UNION ALL (
    SELECT 'joined', t.drawn_at, t.node, t.role, NULL, NULL, NULL
    FROM own JOIN threads_read t ON t.node = own.id
    WHERE t.kind = 'join' AND t.role <> $2 AND t.faded_at IS NULL AND t.drawn_at > $3
    ORDER BY t.drawn_at DESC LIMIT $4
)
