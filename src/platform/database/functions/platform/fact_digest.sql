-- Without xid, which belongs to a cluster, and with the time as a number, whatever the time zone of the session.
CREATE FUNCTION fact_digest(f fact) RETURNS bytea LANGUAGE sql STABLE AS $$
  SELECT sha256(convert_to(jsonb_build_array(f.pos, f.event_id, f.stream, f.stream_id, f.version, f.type, f.data,
    f.actor, f.correlation_id, extract(epoch FROM f.occurred_at))::text, 'UTF8'))
$$;
