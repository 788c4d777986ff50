-- By the name, by what is said beside it, or by one word of the name and the rest of what is said, or the other way round: $3 has each
-- word alone and $4 the others.
WITH found AS MATERIALIZED (
    (SELECT role FROM roles_read WHERE search_words(name) @@ $1::text::tsquery LIMIT $2)
    UNION
    (SELECT role FROM profiles_read
     WHERE search_words(search_tags(skills, goods, languages) || ' ' || about) @@ $1::text::tsquery LIMIT $2)
    UNION
    (SELECT r.role
     FROM unnest($3::text[], $4::text[]) AS apart (one, rest)
     CROSS JOIN LATERAL (SELECT role FROM roles_read WHERE search_words(name) @@ apart.one::tsquery LIMIT $5) r
     JOIN profiles_read p ON p.role = r.role
     WHERE search_words(search_tags(p.skills, p.goods, p.languages) || ' ' || p.about) @@ apart.rest::tsquery)
), first AS (
    SELECT r.role, r.name, r.lat, r.lon, p.about, search_tags(p.skills, p.goods, p.languages) AS tags,
           CASE WHEN $6::boolean THEN 0 ELSE greatest(
               search_closeness($7, r.name), search_closeness($7, search_tags(p.skills, p.goods, p.languages)) - 1
           ) END AS closeness,
           search_apart(r.lat, r.lon, $8, $9, $10) AS apart
    FROM found JOIN roles_read r ON r.role = found.role LEFT JOIN profiles_read p ON p.role = r.role
    WHERE r.name <> ''
)
SELECT role AS "role!", name AS "name!", about AS "about?", tags AS "tags?", lat, lon, closeness AS "closeness!"
FROM first
ORDER BY closeness DESC, apart NULLS LAST, role LIMIT $11
