WITH found AS MATERIALIZED (
    SELECT id, title, lat, lon FROM nodes_read
    WHERE dissolved_at IS NULL AND (kind = 'structure' OR yarns <> '{}' OR holds_until > $1) AND title <> ''
      AND search_words(title || ' ' || text) @@ $2::text::tsquery
    LIMIT $3
), first AS (
    SELECT id, CASE WHEN $4::boolean THEN 0 ELSE search_closeness($5, title) END AS closeness,
           search_apart(lat, lon, $6, $7, $8) AS apart
    FROM found
    ORDER BY closeness DESC, apart, id LIMIT $9
)
SELECT n.id AS "id!", n.kind AS "kind!", n.title AS "title!", n.text AS "text!", n.lat AS "lat!", n.lon AS "lon!",
       first.closeness AS "closeness!"
FROM first JOIN nodes_read n ON n.id = first.id
ORDER BY first.closeness DESC, first.apart, n.id
