-- Names the history that seq counts in: another one after a restore or a promotion. SALT: SQL of what else tells one history
-- from another.
CREATE OR REPLACE FUNCTION feed_epoch_v1() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT substr(md5(concat_ws(':', (SELECT system_identifier FROM pg_control_system()),
    substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8),
    (SELECT oid FROM pg_database WHERE datname = current_database()), :SALT)), 1, 12)
$$;
