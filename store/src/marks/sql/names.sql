-- Roles of the name $1 but $2, and those whose longer names begin with it, whatever their case; at most $3.
SELECT role, name FROM roles_read
WHERE lower(name) LIKE replace(replace(replace(lower($1::text), '\', '\\'), '%', '\%'), '_', '\_') || '%' AND role <> $2
LIMIT $3
