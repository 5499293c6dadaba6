-- Without case, accents, ligatures, forms of width and what cannot be seen: Straße is strasse, Œuvre oeuvre, İstanbul istanbul.
CREATE FUNCTION search_fold_v2(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN normalize(
  translate(
    replace(replace(replace(replace(
      regexp_replace(
        lower(
          normalize(regexp_replace(value,
            '[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]', '', 'g'), NFKD)
          COLLATE :COLLATION),
        '[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u0610-\u061a\u0640\u064b-\u065f\u0670'
          '\u06d6-\u06dc\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]', '', 'g'),
      'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'),
    'øłđðıħŧς', 'olddihtσ'),
  NFC);
