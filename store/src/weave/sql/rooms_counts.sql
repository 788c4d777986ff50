-- The parent of a cell: its resolution in the bits from 52 on, and ones in every digit that is finer.
SELECT room.ordinality AS "room", cell.counted AS "cell!", n.kind, count(*) AS "count!"
FROM unnest($1::int8[], $2::int8[], $3::int4[]) WITH ORDINALITY AS room (first, last, counted_at, ordinality)
JOIN nodes_read n ON n.h3_index BETWEEN room.first AND room.last AND n.dissolved_at IS NULL
CROSS JOIN LATERAL (SELECT (n.h3_index & ~(15::int8 << 52)) | (room.counted_at::int8 << 52)
                           | ((1::int8 << (3 * (15 - room.counted_at))) - 1) AS counted) cell
GROUP BY room.ordinality, cell.counted, n.kind
ORDER BY room.ordinality, cell.counted
