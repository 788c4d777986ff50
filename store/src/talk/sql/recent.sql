SELECT asked.ordinality AS "ordinality!", m.id, m.node, m.nth, m.role, r.name, m.text, m.said_at, m.changed_at, m.is_withdrawn, m.last,
       a.id AS "answered?", a.role AS "answered_role?", ar.name AS "answered_name?", left(a.text, $3) AS "answered_text",
       a.is_withdrawn AS "answered_withdrawn?"
FROM unnest($1::uuid[]) WITH ORDINALITY AS asked (node, ordinality)
CROSS JOIN LATERAL (
    SELECT * FROM messages_read WHERE messages_read.node = asked.node ORDER BY nth DESC LIMIT $2
) m
JOIN roles_read r ON r.role = m.role
LEFT JOIN messages_read a ON a.id = m.reply_to
LEFT JOIN roles_read ar ON ar.role = a.role
ORDER BY asked.ordinality, m.nth
