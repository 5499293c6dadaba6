-- Words with one space between them.
CREATE FUNCTION search_words_v2(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN btrim(regexp_replace(search_fold_v2(value) COLLATE :COLLATION, '[^:WORD_CHARACTERS]+', ' ', 'g'));
