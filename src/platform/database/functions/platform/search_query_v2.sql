-- All words, each as the beginning of one in title, category, venue or city, or as a whole one in the description.
CREATE FUNCTION search_query_v2(value text) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT coalesce(string_agg(format(CASE WHEN unspaced THEN '%1$s:*' ELSE '(%1$s:*AB | %1$s)' END, token), ' & '), '')::tsquery
         || coalesce((SELECT string_agg(format(CASE WHEN unspaced THEN '%1$s:*' ELSE '%1$s:*AB' END, token), ' & ')
                        FROM search_tokens_v2(value, true)), '')::tsquery
    FROM search_tokens_v2(value, false)
$$;
