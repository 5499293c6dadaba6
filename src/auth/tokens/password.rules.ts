export const PASSWORD_MIN = 8;
export const PASSWORD_MAX = 128;

// The long ones (8 and more) at the top of the published lists of leaked passwords; shorter ones are refused anyway.
const COMMON = new Set(
  `12345678 123456789 1234567890 12345678910 0123456789 0987654321 87654321 987654321 9876543210 11111111 111111111
  1111111111 00000000 000000000 12341234 12344321 11223344 1122334455 112233445566 123123123 147258369 123654789
  password password1 password12 password123 password1234 passw0rd p@ssw0rd p@ssword passwort passwort1 passwort123
  qwertyuiop qwerty123 qwerty12345 qwertz123 qwertzui qwertzuiop 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qazxsw2 q1w2e3r4
  zaq12wsx asdfghjkl asdfasdf abcd1234 abcdefgh abc12345 a1b2c3d4 aa123456 a123456789 iloveyou iloveyou1 sunshine
  princess football baseball superman starwars trustno1 whatever michelle jennifer computer internet corvette
  samsung1 liverpool welcome1 welcome123 letmein1 letmein123 changeme changeme123 admin123 admin1234 administrator
  default1 test1234 testtest qweasdzxc zxcvbnm123 monkey123 dragon123 hallo123 schalke04 sommer2024 evently1 evently123`.split(
    /\s+/,
  ),
);

/**
 * Why a password may not be used, or undefined when it may. Only what guessers try first is refused: rules about
 * kinds of characters make passwords worse (NIST SP 800-63B).
 */
export function passwordProblem(password: string, email: string): string | undefined {
  const plain = password.toLowerCase();
  const address = email.toLowerCase();
  if (COMMON.has(plain)) return 'is one of the most common passwords';
  if (plain === address || plain === address.split('@')[0]) return 'must not be the email address';
  if (new Set(plain).size < 3) return 'must not repeat one or two characters';
  return undefined;
}
