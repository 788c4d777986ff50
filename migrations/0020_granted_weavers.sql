-- A state from before it was known whether a weaver is one by vouches: the log has it.

UPDATE streams s SET state = s.state || '{"is_granted": true}'
WHERE s.stream LIKE 'role/%' AND s.state ? 'weaver_since' AND NOT s.state ? 'is_granted'
    AND (
        SELECT e.type = 'RechtVergeben' OR e.payload->'why'->>'by' <> 'vouches'
        FROM events e
        WHERE e.stream = s.stream
            AND (e.type = 'WeberBestaetigt'
                OR e.type IN ('RechtVergeben', 'RechtEntzogen') AND e.payload->>'right' = 'weaver')
        ORDER BY e.id DESC LIMIT 1
    );
