CREATE FUNCTION event_search(title text, place text, description text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN setweight(to_tsvector('simple', search_fold(title)), 'A')
    || setweight(to_tsvector('simple', search_fold(place)), 'B')
    || setweight(to_tsvector('simple', search_fold(description)), 'D');
