-- By what was said, or by one word of the name of who said it and the rest of what they said: $4 has each word alone and $5 the others.
-- Of a conversation the newest one that was found. What is told of them is read of the nearest alone. Knots are looked up one by one
-- (LIMIT 1): joined, all of them were read for it.
WITH said AS MATERIALIZED (
    (SELECT id, node, nth FROM messages_read WHERE search_words(text) @@ $2::text::tsquery LIMIT $3)
    UNION
    (SELECT m.id, m.node, m.nth
     FROM unnest($4::text[], $5::text[]) AS apart (one, rest)
     CROSS JOIN LATERAL (
         SELECT id, node, nth, role FROM messages_read WHERE search_words(text) @@ apart.rest::tsquery LIMIT $6
     ) m
     JOIN roles_read r ON r.role = m.role
     WHERE search_words(r.name) @@ apart.one::tsquery)
), newest AS (
    SELECT DISTINCT ON (node) id, node FROM said ORDER BY node, nth DESC
), nearest AS MATERIALIZED (
    SELECT newest.id, newest.node, search_apart(n.lat, n.lon, $7, $8, $9) AS apart
    FROM newest
    CROSS JOIN LATERAL (
        SELECT lat, lon FROM nodes_read
        WHERE id = newest.node AND dissolved_at IS NULL AND (kind = 'structure' OR yarns <> '{}' OR holds_until > $1) AND title <> ''
        LIMIT 1
    ) n
    ORDER BY apart, newest.node LIMIT $10
)
SELECT m.id AS "id!", m.text AS "text!", r.name AS "by!", n.id AS "node!", n.kind AS "kind!", n.title AS "title!", n.lat AS "lat!",
       n.lon AS "lon!"
FROM nearest
JOIN nodes_read n ON n.id = nearest.node
JOIN messages_read m ON m.id = nearest.id
JOIN roles_read r ON r.role = m.role
ORDER BY nearest.apart, n.id
