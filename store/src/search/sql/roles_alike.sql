WITH found AS MATERIALIZED (
    (SELECT role FROM roles_read WHERE search_letters($1) <% search_letters(name) LIMIT $2)
    UNION
    (SELECT role FROM profiles_read
     WHERE search_letters($1) <% search_letters(search_tags(skills, goods, languages)) LIMIT $2)
), first AS (
    SELECT r.role, r.name, r.lat, r.lon, p.about, search_tags(p.skills, p.goods, p.languages) AS tags,
           greatest(search_closeness($1, r.name), search_closeness($1, search_tags(p.skills, p.goods, p.languages)) - 1) AS closeness,
           search_apart(r.lat, r.lon, $3, $4, $5) AS apart
    FROM found JOIN roles_read r ON r.role = found.role LEFT JOIN profiles_read p ON p.role = r.role
    WHERE r.name <> ''
)
SELECT role AS "role!", name AS "name!", about AS "about?", tags AS "tags?", lat, lon, closeness AS "closeness!"
FROM first
ORDER BY closeness DESC, apart NULLS LAST, role LIMIT $6
