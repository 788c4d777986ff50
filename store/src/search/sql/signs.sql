-- What has no letters is looked for as it is, one title and name after the other.
(SELECT id AS "id!", kind AS "kind?", title AS "title!", text AS "text!", lat, lon
 FROM nodes_read
 WHERE dissolved_at IS NULL AND (kind = 'structure' OR yarns <> '{}' OR holds_until > $1) AND strpos(title, $2) > 0
 ORDER BY search_apart(lat, lon, $3, $4, $5), id LIMIT $6)
UNION ALL
(SELECT r.role, NULL, r.name, concat_ws(' · ', nullif(search_tags(p.skills, p.goods, p.languages), ''), nullif(p.about, '')), r.lat, r.lon
 FROM roles_read r LEFT JOIN profiles_read p ON p.role = r.role
 WHERE strpos(r.name, $2) > 0
 ORDER BY search_apart(r.lat, r.lon, $3, $4, $5), r.role LIMIT $6)
