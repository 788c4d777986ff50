-- What is searched: the words of titles, texts, names and tags, and the trigrams of what is short. All of it is indexes over what the
-- read models of 0003, 0004 and 0008 hold: no row carries anything for it, so that acts that change no words cost what they did, and
-- a rebuild has no rows to make. They are made again with their tables, so all of this may run more than once.
-- The bodies are in SQL's own form: they keep the functions they found, wherever the extensions live, whatever the search path is of
-- whoever writes a row.

-- Small letters without accents before each stem (Häuser is hauser is haus), and a word with a hyphen by its parts alone.
DROP TEXT SEARCH CONFIGURATION IF EXISTS search_german CASCADE;
CREATE TEXT SEARCH CONFIGURATION search_german (COPY = pg_catalog.german);
ALTER TEXT SEARCH CONFIGURATION search_german ALTER MAPPING FOR word, hword_part WITH unaccent, german_stem;
ALTER TEXT SEARCH CONFIGURATION search_german DROP MAPPING FOR hword, asciihword, numhword;
DROP TEXT SEARCH CONFIGURATION IF EXISTS search_english CASCADE;
CREATE TEXT SEARCH CONFIGURATION search_english (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION search_english ALTER MAPPING FOR word, hword_part WITH unaccent, english_stem;
ALTER TEXT SEARCH CONFIGURATION search_english DROP MAPPING FOR hword, asciihword, numhword;

-- The words of a text by the stems of both languages. What has a slash in it would be taken for a path, as one word.
CREATE OR REPLACE FUNCTION search_words(text text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN to_tsvector('search_german', translate(text, '/', ' ')) || to_tsvector('search_english', translate(text, '/', ' '));

-- A short text as its letters are compared. `unaccent` would cost ten times as much here: it may not be written into an index as it is.
CREATE OR REPLACE FUNCTION search_letters(text text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN translate(lower(text), 'äöüßàáâãåæçèéêëìíîïñòóôõøùúûýÿğış', 'aousaaaaaaceeeeiiiinooooouuuyygis');

-- What a role has on offer, and the languages it speaks, as one text.
CREATE OR REPLACE FUNCTION search_tags(skills text[], goods text[], languages text[]) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN array_to_string(skills || goods || languages, ', ');

-- How near a text comes to what was asked, from 0 to 8: so rough that of two alike the nearer place decides.
CREATE OR REPLACE FUNCTION search_closeness(asked text, text text) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN round(word_similarity(search_letters(asked), search_letters(text)) * 8)::integer;

-- A number that is the greater the farther a point is from another one, in units of 1e-7 degrees; `narrowing` is that of the other's
-- latitude. Not STRICT: with `least` in it it would be called for each row instead of being written into the statement.
CREATE OR REPLACE FUNCTION search_apart(lat integer, lon integer, from_lat integer, from_lon integer, narrowing float8) RETURNS float8
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (lat::float8 - from_lat) ^ 2
        + (least(abs(lon::float8 - from_lon), 3600000000 - abs(lon::float8 - from_lon)) * narrowing) ^ 2;

-- The words of a question, at most so many, each with all that it can be found by: its stems, and those with ae, oe and ue read as
-- umlauts. The last one may be the beginning of a word. What neither language keeps is left out, unless there is nothing else.
CREATE OR REPLACE FUNCTION search_asked(asked text, words_max integer) RETURNS TABLE (word text, found_by tsquery)
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        WITH words AS (
            SELECT nth, lower(unaccent(token)) AS word, length(token) > 1 AND nth = max(nth) OVER () AS is_beginning
            FROM ts_parse('default', translate(asked, '/', ' ')) WITH ORDINALITY AS parsed (kind, token, nth)
            -- Neither what lies between words, nor marks, nor words with hyphens, whose parts follow them.
            WHERE kind NOT IN (12, 13, 14, 15, 16, 17, 23)
            ORDER BY nth LIMIT words_max
        ), stemmed AS (
            SELECT nth, word, is_beginning, tsvector_to_array(search_words(
                word || CASE WHEN length(word) > 3 THEN ' ' || replace(replace(replace(word, 'ae', 'a'), 'oe', 'o'), 'ue', 'u') ELSE '' END
            )) AS stems
            FROM words
        ), kept AS (
            SELECT nth, word, is_beginning, stems || CASE WHEN is_beginning OR stems = '{}' THEN ARRAY[word] ELSE '{}' END AS lexemes
            FROM (SELECT *, bool_and(stems = '{}') OVER () AS has_stops_alone FROM stemmed) AS stemmed
            WHERE stems <> '{}' OR has_stops_alone
        )
        SELECT kept.word, (
            SELECT string_agg(
                '''' || replace(replace(lexeme, '\', '\\'), '''', '''''') || '''' || CASE WHEN is_beginning THEN ':*' ELSE '' END, '|'
            )
            FROM unnest(lexemes) AS lexeme
        )::tsquery
        FROM kept ORDER BY nth;
    END;

-- What is new waits in a list that each search reads through, and is sorted in when it is full: it stays short.
CREATE INDEX nodes_read_words ON nodes_read USING gin (search_words(title || ' ' || text)) WITH (gin_pending_list_limit = 512)
    WHERE dissolved_at IS NULL;
CREATE INDEX nodes_read_letters ON nodes_read USING gin (search_letters(title) gin_trgm_ops) WITH (gin_pending_list_limit = 512)
    WHERE dissolved_at IS NULL;
CREATE INDEX roles_read_words ON roles_read USING gin (search_words(name)) WITH (gin_pending_list_limit = 512);
CREATE INDEX roles_read_letters ON roles_read USING gin (search_letters(name) gin_trgm_ops) WITH (gin_pending_list_limit = 512);
CREATE INDEX profiles_read_words ON profiles_read
    USING gin (search_words(search_tags(skills, goods, languages) || ' ' || about)) WITH (gin_pending_list_limit = 512);
CREATE INDEX profiles_read_letters ON profiles_read
    USING gin (search_letters(search_tags(skills, goods, languages)) gin_trgm_ops) WITH (gin_pending_list_limit = 512);
CREATE INDEX messages_read_words ON messages_read USING gin (search_words(text)) WITH (gin_pending_list_limit = 512);

-- To count words over again at each ANALYZE would cost seconds, and no other plan is wanted whatever comes of it.
ALTER INDEX nodes_read_words ALTER COLUMN 1 SET STATISTICS 0;
ALTER INDEX nodes_read_letters ALTER COLUMN 1 SET STATISTICS 0;
ALTER INDEX roles_read_words ALTER COLUMN 1 SET STATISTICS 0;
ALTER INDEX roles_read_letters ALTER COLUMN 1 SET STATISTICS 0;
ALTER INDEX profiles_read_words ALTER COLUMN 1 SET STATISTICS 0;
ALTER INDEX profiles_read_letters ALTER COLUMN 1 SET STATISTICS 0;
ALTER INDEX messages_read_words ALTER COLUMN 1 SET STATISTICS 0;
