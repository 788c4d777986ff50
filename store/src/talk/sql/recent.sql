SELECT asked.ordinality AS "ordinality!", m.id, m.node, m.nth, m.role, r.name, m.text, m.said_at, m.last
FROM unnest($1::uuid[]) WITH ORDINALITY AS asked (node, ordinality)
CROSS JOIN LATERAL (
    SELECT * FROM messages_read WHERE messages_read.node = asked.node ORDER BY nth DESC LIMIT $2
) m
JOIN roles_read r ON r.role = m.role
ORDER BY asked.ordinality, m.nth
