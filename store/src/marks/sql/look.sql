-- The account $1 looks at what the read models have up to the moment $2 and its event $5; it is $3 by now, and who looked after $4 looks
-- still.
INSERT INTO marks_seen AS known (account, seen_at, seen_event, new_from, looked_at)
SELECT a.id, greatest($2, a.made_at), $5, a.made_at, $3 FROM accounts a WHERE a.id = $1
ON CONFLICT (account) DO UPDATE SET
    (new_from, new_from_event) = (
        SELECT CASE WHEN is_later THEN known.seen_at ELSE known.new_from END,
               CASE WHEN is_later THEN known.seen_event ELSE known.new_from_event END
        FROM (SELECT known.looked_at < $4 AS is_later) look
    ),
    (seen_at, seen_event) = (
        SELECT CASE WHEN is_later THEN excluded.seen_at ELSE known.seen_at END,
               CASE WHEN is_later THEN excluded.seen_event ELSE known.seen_event END
        FROM (SELECT (excluded.seen_at, excluded.seen_event) > (known.seen_at, known.seen_event) AS is_later) look
    ),
    looked_at = excluded.looked_at
RETURNING new_from, new_from_event
