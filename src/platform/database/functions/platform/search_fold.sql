-- Plain SQL instead of the unaccent extension, which is not on every server and not immutable, so that an index could
-- not use it.
CREATE FUNCTION search_fold(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN lower(translate(
  regexp_replace(
    normalize(replace(replace(replace(value, 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), NFKD),
    '[\u0300-\u036f]', '', 'g'),
  'øØłŁđĐı', 'oOlLdDi'));
