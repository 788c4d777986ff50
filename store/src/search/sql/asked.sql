SELECT word AS "word!", found_by::text AS "found_by!" FROM search_asked($1, $2)
