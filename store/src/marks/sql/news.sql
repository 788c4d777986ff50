-- $1 the account, $2 its role or null; what came after the moment $3 and, within that, the event $7; at most $4 of each sort. Of one's own
-- knots $5 are looked at, of new ones the $10 newest, and of the messages that may name one by the pattern $8 $6 are told, of which
-- whoever asks finds out whom they mention. $9: without what was said and answered, which is counted elsewhere, and what was read there.
WITH own AS (
    SELECT id FROM nodes_read WHERE owner = $2 AND dissolved_at IS NULL ORDER BY created_at DESC LIMIT $5
), said AS (
    -- The last word of each day at each of one's own knots: one notice, however much is said.
    SELECT DISTINCT ON (lately.node, lately.day) lately.*
    FROM own CROSS JOIN LATERAL (
        SELECT m.node, m.id, m.nth, m.role, m.said_at, m.last, (m.said_at AT TIME ZONE 'UTC')::date AS day
        FROM messages_read m
        WHERE m.node = own.id AND m.said_at >= $3 AND (m.said_at, m.last) > ($3, $7) AND m.role <> $2 AND NOT m.is_withdrawn
        ORDER BY m.said_at DESC, m.nth DESC LIMIT $4
    ) lately
    WHERE NOT $9::bool
    ORDER BY lately.node, lately.day, lately.nth DESC
), fresh AS (
    SELECT id, kind, point, owner, created_at, last FROM nodes_read
    WHERE dissolved_at IS NULL AND created_at >= $3 AND (created_at, last) > ($3, $7) AND owner IS DISTINCT FROM $2
    ORDER BY created_at DESC LIMIT $10
)
(
    -- Each knot once, in the area that was kept first. Boxes are compared before shapes: that costs a hundredth.
    SELECT * FROM (
        SELECT DISTINCT ON (n.id) 'area' AS "why!", n.created_at AS "at!", n.last AS "event!", n.id AS "node!", n.owner AS "role!",
               NULL::uuid AS message, a.name AS area, NULL::text AS text, NULL::text AS level
        FROM marks_areas a JOIN fresh n ON n.created_at > a.made_at AND a.shape && n.point AND ST_Covers(a.shape, n.point)
        WHERE a.account = $1 AND (cardinality(a.kinds) = 0 OR n.kind = ANY(a.kinds))
        ORDER BY n.id, a.made_at, a.id
    ) once ORDER BY "at!" DESC LIMIT $4
) UNION ALL (
    SELECT 'answer', m.said_at, m.last, m.node, m.role, m.id, NULL, NULL, NULL
    FROM messages_read m JOIN messages_read answered ON answered.id = m.reply_to
    WHERE NOT $9::bool AND m.reply_to IS NOT NULL AND NOT m.is_withdrawn
      AND m.said_at >= $3 AND (m.said_at, m.last) > ($3, $7) AND m.role <> $2 AND answered.role = $2
    ORDER BY m.said_at DESC LIMIT $4
) UNION ALL (
    -- Whoever is named when a message is said otherwise hears of it then.
    SELECT 'mention', coalesce(m.changed_at, m.said_at), m.last, m.node, m.role, m.id, NULL, m.text, NULL
    FROM messages_read m
    WHERE m.text LIKE '%@%' AND NOT m.is_withdrawn AND m.text ~* $8 AND m.role <> $2
      AND coalesce(m.changed_at, m.said_at) >= $3 AND (coalesce(m.changed_at, m.said_at), m.last) > ($3, $7)
      AND NOT ($9 AND m.changed_at IS NULL AND EXISTS (
          SELECT FROM marks_read k WHERE k.role = $2 AND k.node = m.node AND k.nth >= m.nth))
    ORDER BY coalesce(m.changed_at, m.said_at) DESC LIMIT $6
) UNION ALL (
    SELECT 'said', said_at, last, node, role, id, NULL, NULL, NULL FROM said
) UNION ALL (
    SELECT 'joined', t.drawn_at, t.last, t.node, t.role, NULL, NULL, NULL, t.level
    FROM own JOIN threads_read t ON t.node = own.id
    WHERE t.kind = 'join' AND t.role <> $2 AND t.faded_at IS NULL AND (t.drawn_at, t.last) > ($3, $7)
    ORDER BY t.drawn_at DESC LIMIT $4
)
