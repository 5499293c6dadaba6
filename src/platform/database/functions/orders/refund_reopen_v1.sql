-- An operator tries again what was refused. Under a new key, because providers repeat their refusal under the old one.
CREATE FUNCTION refund_reopen_v1(p_saga uuid, p_lease uuid, p_refund uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM saga_guard_v1(p_saga, p_lease);
  UPDATE refund SET status = 'created', failure = NULL, version = version + 1, updated_at = clock_timestamp(),
                    idempotency_key = 'ref_' || id || '_' || version + 1
  WHERE id = p_refund AND status = 'refused';
END $$;
