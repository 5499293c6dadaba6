-- Tokens have nothing that the input of tsvector reads as more than a letter. Fields lie apart, so that no phrase spans two of them; 16383
-- is the last position there is: nothing follows what was joined.
CREATE FUNCTION event_search_v2(title text, place text, description text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT coalesce(string_agg(t.token || ':' || t.at || field.weight, ' '), '')::tsvector
    FROM (VALUES (title, 'A', 0), (place, 'B', 1000), (description, 'D', 2000)) AS field(value, weight, start)
    CROSS JOIN LATERAL (
      SELECT token, least(start + no, 16382) AS at FROM search_tokens_v2(field.value, false)
      UNION ALL SELECT token, 16383 FROM search_tokens_v2(field.value, true) WHERE field.weight <> 'D') t
$$;
