CREATE FUNCTION seating_plan_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'seating plans are immutable' USING ERRCODE = 'restrict_violation'; END $$;

CREATE TRIGGER seating_plan_immutable BEFORE UPDATE ON seating_plan
  FOR EACH ROW EXECUTE FUNCTION seating_plan_is_immutable();
