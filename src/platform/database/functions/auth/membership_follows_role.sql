-- Roles are given by administrators, also by replicas of a release that knows no organisations: an organizer or
-- administrator without a membership owns an organisation with the account's own id, and a mere user belongs to none.
-- Invitations to an address go with the account that is erased.
CREATE FUNCTION membership_follows_role() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.role = 'user' THEN
    UPDATE member SET owner = false, permissions = '{}', events = NULL, ownership_offered_by = NULL, ownership_offered_until = NULL,
                      ended_at = clock_timestamp(), changed_at = clock_timestamp(), version = version + 1
    WHERE user_id = NEW.id AND ended_at IS NULL;
    IF TG_OP = 'UPDATE' AND NEW.deleted_at IS NOT NULL AND OLD.deleted_at IS NULL THEN
      DELETE FROM invitation WHERE lower(email) = lower(OLD.email);
      -- Its imprint may name the person, and nobody is there any more to stand for it.
      DELETE FROM organisation_house
      WHERE organisation_id = NEW.id AND NOT EXISTS (SELECT FROM member WHERE organisation_id = NEW.id AND ended_at IS NULL);
      -- An organisation that has the name of the person only, and now nobody.
      UPDATE organisation SET name = '', address = '', version = version + 1, updated_at = clock_timestamp()
      WHERE id = NEW.id AND name = OLD.name
        AND NOT EXISTS (SELECT FROM member WHERE organisation_id = NEW.id AND ended_at IS NULL);
    END IF;
    RETURN NULL;
  END IF;
  IF EXISTS (SELECT FROM member WHERE user_id = NEW.id AND ended_at IS NULL) THEN RETURN NULL; END IF;
  INSERT INTO organisation (id, name) VALUES (NEW.id, NEW.name) ON CONFLICT DO NOTHING;
  INSERT INTO member (organisation_id, user_id, owner) VALUES (NEW.id, NEW.id, true)
  ON CONFLICT (organisation_id, user_id) DO UPDATE
    SET owner = true, ended_at = NULL, joined_at = clock_timestamp(), changed_at = clock_timestamp(), version = member.version + 1;
  RETURN NULL;
END $$;

CREATE TRIGGER membership_follows_role AFTER INSERT OR UPDATE OF role, deleted_at ON app_user
  FOR EACH ROW EXECUTE FUNCTION membership_follows_role();
