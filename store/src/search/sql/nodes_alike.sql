WITH found AS MATERIALIZED (
    SELECT id, title, lat, lon FROM nodes_read
    WHERE dissolved_at IS NULL AND (kind = 'structure' OR yarns <> '{}' OR holds_until > $1)
      AND search_letters($2) <% search_letters(title)
    LIMIT $3
), first AS (
    SELECT id, search_closeness($2, title) AS closeness, search_apart(lat, lon, $4, $5, $6) AS apart
    FROM found
    ORDER BY closeness DESC, apart, id LIMIT $7
)
SELECT n.id AS "id!", n.kind AS "kind!", n.title AS "title!", n.text AS "text!", n.lat AS "lat!", n.lon AS "lon!",
       first.closeness AS "closeness!"
FROM first JOIN nodes_read n ON n.id = first.id
ORDER BY first.closeness DESC, first.apart, n.id
