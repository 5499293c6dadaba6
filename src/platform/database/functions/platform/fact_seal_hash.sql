CREATE FUNCTION fact_seal_hash(previous bytea, no bigint, digests bytea[]) RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT sha256(previous || int8send(no) || string_agg(d, ''::bytea ORDER BY i))
  FROM unnest(digests) WITH ORDINALITY AS e(d, i)
$$;
