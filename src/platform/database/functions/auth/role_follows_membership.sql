-- An organizer is a member of an organisation: the first membership makes one of a user, the end of the last one a user.
CREATE FUNCTION role_follows_membership() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.ended_at IS NULL THEN
    UPDATE app_user SET role = 'organizer', version = version + 1 WHERE id = NEW.user_id AND role = 'user' AND deleted_at IS NULL;
  ELSIF NOT EXISTS (SELECT FROM member WHERE user_id = NEW.user_id AND ended_at IS NULL) THEN
    UPDATE app_user SET role = 'user', version = version + 1 WHERE id = NEW.user_id AND role = 'organizer';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER role_follows_membership AFTER INSERT OR UPDATE OF ended_at ON member
  FOR EACH ROW EXECUTE FUNCTION role_follows_membership();
