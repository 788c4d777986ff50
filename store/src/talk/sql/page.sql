SELECT m.id, m.node, m.nth, m.role, r.name, m.text, m.said_at, m.changed_at, m.is_withdrawn, m.last,
       a.id AS "answered?", a.role AS "answered_role?", ar.name AS "answered_name?", left(a.text, $4) AS "answered_text",
       a.is_withdrawn AS "answered_withdrawn?"
FROM messages_read m
JOIN roles_read r ON r.role = m.role
LEFT JOIN messages_read a ON a.id = m.reply_to
LEFT JOIN roles_read ar ON ar.role = a.role
WHERE m.node = $1 AND m.nth < $2 ORDER BY m.nth DESC LIMIT $3
