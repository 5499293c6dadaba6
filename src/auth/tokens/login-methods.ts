/** Ways in which somebody proves who they are. `identity` is another provider's word, `identity_mfa` one with two factors. */
export const LOGIN_METHODS = [
  'password',
  'totp',
  'recovery_code',
  'passkey',
  'identity',
  'identity_mfa',
] as const;
export type LoginMethod = (typeof LOGIN_METHODS)[number];

const STRONG: readonly LoginMethod[] = ['totp', 'recovery_code', 'passkey', 'identity_mfa'];

/** Whether two factors were shown: a passkey is two by itself, the device and its PIN, finger or face. */
export const isStrong = (methods: readonly LoginMethod[]): boolean =>
  methods.some((method) => STRONG.includes(method));
