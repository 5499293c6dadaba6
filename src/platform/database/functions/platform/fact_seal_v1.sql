-- Seals up to p_limit facts and moves the cursor `seals`; returns how many. Fewer than p_limit: all that were committed
-- at its beginning are sealed. The order of the chain is the order in which readers get facts.
CREATE FUNCTION fact_seal_v1(p_limit int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  c fact_cursor;
  v_piece record;
  v_no bigint := 0;
  v_hash bytea := '';
  v_sealed int := 0;
BEGIN
  INSERT INTO fact_cursor (handler, seen, until, pos) VALUES ('seals', '1:1:', '1:1:', 0) ON CONFLICT DO NOTHING;
  SELECT * INTO c FROM fact_cursor WHERE handler = 'seals' FOR UPDATE;
  IF c.pos = 0 THEN c.until := pg_current_snapshot(); END IF;
  SELECT no, hash INTO v_no, v_hash FROM fact_seal ORDER BY no DESC LIMIT 1;
  FOR v_piece IN
    SELECT array_agg(pos ORDER BY pos) AS positions, array_agg(digest ORDER BY pos) AS digests
    FROM (SELECT f.pos, fact_digest(f) AS digest, (row_number() OVER (ORDER BY f.pos) - 1) / 1000 AS piece
          FROM fact f
          WHERE f.xid >= pg_snapshot_xmin(c.seen) AND f.xid < pg_snapshot_xmax(c.until)
            AND NOT pg_visible_in_snapshot(f.xid, c.seen) AND pg_visible_in_snapshot(f.xid, c.until)
            AND f.pos > c.pos
          ORDER BY f.pos LIMIT p_limit) facts
    GROUP BY piece ORDER BY piece
  LOOP
    v_no := coalesce(v_no, 0) + 1;
    INSERT INTO fact_seal (no, positions, digests, previous, hash)
    VALUES (v_no, v_piece.positions, v_piece.digests, coalesce(v_hash, ''),
            fact_seal_hash(coalesce(v_hash, ''), v_no, v_piece.digests))
    RETURNING hash INTO v_hash;
    v_sealed := v_sealed + cardinality(v_piece.positions);
    c.pos := v_piece.positions[cardinality(v_piece.positions)];
  END LOOP;
  IF v_sealed < p_limit THEN
    c.seen := c.until;
    c.pos := 0;
  END IF;
  UPDATE fact_cursor SET seen = c.seen, until = c.until, pos = c.pos WHERE handler = 'seals';
  RETURN v_sealed;
END $$;
