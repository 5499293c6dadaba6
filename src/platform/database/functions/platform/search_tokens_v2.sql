-- Words in their order; of a run without spaces every two characters that follow each other, and its last one alone, so that whatever
-- is a part of it begins with one of them. 'joined': AC/DC as acdc, as it is also typed.
CREATE FUNCTION search_tokens_v2(value text, joined boolean)
RETURNS TABLE (no bigint, token text, unspaced boolean) LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  WITH words AS (
    SELECT w.no, w.word, w.word ~ '^[:UNSPACED]' AS unspaced
      FROM regexp_split_to_table(
             regexp_replace(search_words_v2(CASE WHEN joined THEN regexp_replace(value COLLATE :COLLATION,
               '(?<=[:WORD_CHARACTERS])[^:WORD_CHARACTERS[:space:]]+(?=[:WORD_CHARACTERS])', '', 'g') ELSE value END),
               '([:UNSPACED]+)', ' \1 ', 'g'), ' +') WITH ORDINALITY AS w(word, no)
     WHERE w.word <> ''
  ), parts AS (
    SELECT no, 0 AS part, left(word, 100) AS token, false AS unspaced FROM words WHERE NOT unspaced
    UNION ALL
    SELECT w.no, c.part, c.letter || coalesce(lead(c.letter) OVER (PARTITION BY w.no ORDER BY c.part), ''), true
      FROM words w CROSS JOIN LATERAL unnest(string_to_array(w.word, NULL)) WITH ORDINALITY AS c(letter, part)
     WHERE w.unspaced
  )
  SELECT row_number() OVER (ORDER BY p.no, p.part), p.token, p.unspaced FROM parts p
$$;
