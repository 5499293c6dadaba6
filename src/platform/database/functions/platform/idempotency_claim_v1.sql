-- Null when the key is ours now, else what became of its first use. A key whose payment failed is free again.
CREATE FUNCTION idempotency_claim_v1(p_user uuid, p_key text, p_route text, p_hash bytea, p_subject uuid) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  k idempotency_key;
BEGIN
  IF p_key IS NULL THEN RETURN NULL; END IF;
  INSERT INTO idempotency_key AS i (user_id, key, route, body_hash, subject_id)
  VALUES (p_user, p_key, p_route, p_hash, p_subject)
  ON CONFLICT (user_id, key) DO UPDATE SET route = p_route, body_hash = p_hash, subject_id = p_subject, status = NULL,
    answer = NULL, created_at = clock_timestamp()
  WHERE i.created_at < clock_timestamp() - interval '24 hours'
     OR EXISTS (SELECT FROM payment WHERE id = i.subject_id AND status IN ('declined', 'voiding', 'voided'));
  IF FOUND THEN RETURN NULL; END IF;
  SELECT * INTO k FROM idempotency_key WHERE user_id = p_user AND key = p_key;
  IF k.body_hash <> p_hash THEN RETURN jsonb_build_object('outcome', 'idempotency_key_reused'); END IF;
  RETURN jsonb_build_object('outcome', 'replay', 'subject', k.subject_id, 'status', k.status, 'answer', k.answer);
END $$;
