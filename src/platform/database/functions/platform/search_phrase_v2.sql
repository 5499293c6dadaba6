-- The same words one after the other, whole.
CREATE FUNCTION search_phrase_v2(value text) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT coalesce(string_agg(token || CASE WHEN unspaced THEN ':*' ELSE '' END, ' <-> ' ORDER BY no), '')::tsquery
    FROM search_tokens_v2(value, false)
$$;
