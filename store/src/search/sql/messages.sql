-- By what was said, or by one word of the name of who said it and the rest of what they said: $4 has each word alone and $5 the others.
-- Of a conversation the newest one that was found.
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
)
SELECT m.id AS "id!", m.text AS "text!", r.name AS "by!", n.id AS "node!", n.kind AS "kind!", n.title AS "title!", n.lat AS "lat!",
       n.lon AS "lon!"
FROM newest
JOIN nodes_read n ON n.id = newest.node
JOIN messages_read m ON m.id = newest.id
JOIN roles_read r ON r.role = m.role
WHERE n.dissolved_at IS NULL AND (n.kind = 'structure' OR n.yarns <> '{}' OR n.holds_until > $1) AND n.title <> ''
ORDER BY search_apart(n.lat, n.lon, $7, $8, $9), n.id LIMIT $10
