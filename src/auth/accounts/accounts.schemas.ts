import { z } from 'zod';
import { ROLE_NAMES } from '../../platform/access/principal.js';
import { LOCALES } from '../../platform/common/locale.js';
import { email, flag, line, page, pageOf, text } from '../../platform/common/schemas.js';
import { PROOF, passkeyProof } from '../passkeys/passkeys.schemas.js';
import { LOGIN_METHODS } from '../tokens/login-methods.js';
import { PASSWORD_MAX, PASSWORD_MIN } from '../tokens/password.rules.js';
import { USER_KINDS } from './user.entity.js';

const EXAMPLE = { email: 'ada@example.org', password: 'correct horse battery', name: 'Ada Byron' };

const CHALLENGE = 'Zk3TqV7yF0b9mXr2LwHc8sJ1pNe5uGdAoKzB6RvQxCt';
const DEVICE = 'Qx9uKf3LmYt7RbZ0aWvE2hNcS5gJ8pDi1oTk4XyUqHs';
const REFRESH_TOKEN = '3fJ0b5kZ8mYw1r6hXc2VqS7tLp4nGdUeAiOyKzBxRvE';

const name = line(100).describe('As it should appear on tickets');
const newPassword = z
  .string()
  .min(PASSWORD_MIN)
  .max(PASSWORD_MAX)
  .describe('Any characters; the most common passwords and the email address itself are refused');
/** A password to compare with: no rule but one against absurd sizes, since rules may change after it was set. */
const password = z.string().min(1).max(1024);
const locale = z.enum(LOCALES).describe('The language of mails and notifications');
const token = z.string().min(1).max(200);
const device = token
  .optional()
  .describe('The `device` of an earlier login from here, so that the person gets no mail about a new device');

export const register = z
  .strictObject({
    email,
    password: newPassword,
    name,
    locale: locale.optional().describe('The language of mails; without it that of `Accept-Language`'),
    device,
  })
  .meta({ id: 'Register', example: EXAMPLE });
export const login = z
  .strictObject({ email, password, device })
  .meta({ id: 'Login', example: { email: EXAMPLE.email, password: EXAMPLE.password } });
const code = z.string().min(6).max(40).describe('Six digits of the authenticator app, or a recovery code');
export const secondStep = z
  .strictObject({ challenge: token, code, device })
  .meta({ id: 'SecondStep', example: { challenge: CHALLENGE, code: '492039' } });
export const passkeyLogin = z
  .strictObject({ passkey: passkeyProof, device })
  .meta({ id: 'PasskeyLogin', example: { passkey: PROOF } });
export const stepUp = z
  .strictObject({
    password: password.optional(),
    code: code.optional(),
    passkey: passkeyProof.optional().describe('Answer to the challenge of `POST /auth/step-up/options`'),
  })
  .meta({ id: 'StepUp', example: { password: EXAMPLE.password } });
export const confirmSecondFactor = z
  .strictObject({ code: z.string().min(6).max(10).describe('Six digits that the app shows') })
  .meta({ id: 'ConfirmSecondFactor', example: { code: '492039' } });
export const refresh = z
  .strictObject({ refreshToken: token })
  .meta({ id: 'Refresh', example: { refreshToken: REFRESH_TOKEN } });
export const forgot = z.strictObject({ email }).meta({ id: 'Forgot', example: { email: EXAMPLE.email } });
export const reset = z
  .strictObject({ token, password: newPassword })
  .meta({ id: 'Reset', example: { token: 'token-of-the-mail', password: EXAMPLE.password } });
export const verify = z
  .strictObject({ token })
  .meta({ id: 'Verify', example: { token: 'token-of-the-mail' } });
export const editMe = z
  .strictObject({
    name: name.optional(),
    email: email.optional(),
    locale: locale.optional(),
    password: password
      .optional()
      .describe('The current password, if there is one; needed to change the email address'),
  })
  .meta({ id: 'EditMe', example: { name: 'Ada Lovelace' } });
export const changePassword = z
  .strictObject({ current: password, password: newPassword })
  .meta({ id: 'ChangePassword', example: { current: EXAMPLE.password, password: 'staple gun on the roof' } });
export const deleteMe = z
  .strictObject({ password: password.optional().describe('The current password, if there is one') })
  .meta({ id: 'DeleteMe', example: { password: EXAMPLE.password } });

const ACCOUNT = {
  id: '01981f6e-3c00-7000-8000-5f2b6c1d9e42',
  email: EXAMPLE.email,
  name: EXAMPLE.name,
  role: 'user' as const,
  locale: 'en' as const,
  emailVerified: false,
  createdAt: '2026-03-01T18:00:00.000Z',
  version: 1,
};

export const account = z
  .object({
    id: z.uuid(),
    email: z.string(),
    name: z.string(),
    role: z.enum(ROLE_NAMES),
    locale,
    emailVerified: z.boolean(),
    createdAt: z.iso.datetime(),
    version: z.int().describe('Also the ETag, for If-Match'),
  })
  .meta({ id: 'Account', example: ACCOUNT });
const ACCESS_TOKEN = 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIwMTk4In0.c2lnbmF0dXJl';
const TOKENS = { accessToken: ACCESS_TOKEN, refreshToken: REFRESH_TOKEN, expiresIn: 900, user: ACCOUNT };
export const proof = z
  .object({
    accessToken: z.string().describe('Sent as `Authorization: Bearer …`'),
    expiresIn: z.int().describe('Life of the access token in seconds'),
  })
  .meta({ id: 'Proof', example: { accessToken: ACCESS_TOKEN, expiresIn: 900 } });
export const tokens = proof
  .extend({
    refreshToken: z.string().describe('Works once; the answer to its use brings the next'),
    user: account,
  })
  .meta({ id: 'Tokens', example: TOKENS });
export const loggedIn = tokens
  .extend({ device: z.string().describe('To be sent with the next login from here, also after a logout') })
  .meta({ id: 'LoggedIn', example: { ...TOKENS, device: DEVICE } });

const SESSION = {
  id: '01981f6e-4a00-7000-8000-1d2c3b4a5968',
  createdAt: '2026-03-01T18:00:00.000Z',
  expiresAt: '2026-03-31T18:00:00.000Z',
  lastUsedAt: '2026-03-01T20:15:00.000Z',
  provedAt: '2026-03-01T18:00:00.000Z',
  methods: ['password' as const],
  browser: 'Firefox',
  system: 'Linux',
  ip: '203.0.113.7',
};
const session = z.object({
  id: z.uuid(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().describe('Unless it is used until then'),
  lastUsedAt: z.iso.datetime().describe('When its tokens were last renewed'),
  provedAt: z.iso.datetime().describe('When the person last proved who they are'),
  methods: z
    .array(z.enum(LOGIN_METHODS))
    .describe('Ways in which the person proved it; empty for logins of earlier releases'),
  browser: z.string().nullable().describe('Browser, or program, as it names itself'),
  system: z.string().nullable(),
  ip: z.string().nullable().describe('Address of its last use: IPv4, or the /64 of IPv6'),
});
export const sessions = z
  .object({ data: z.array(session.extend({ current: z.boolean().describe('The one that asks') })) })
  .meta({ id: 'Sessions', example: { data: [{ ...SESSION, current: true }] } });
export const security = z
  .object({
    password: z.boolean().describe('Whether one can log in with a password'),
    secondFactor: z.boolean().describe('Whether logins ask for a code of an authenticator app'),
    recoveryCodesLeft: z.int(),
    passkeys: z.int().describe('How many there are; with one, step-up takes it in place of anything else'),
    strong: z.boolean().describe('Whether this session was proved with two factors'),
  })
  .meta({
    id: 'Security',
    example: { password: true, secondFactor: true, recoveryCodesLeft: 10, passkeys: 1, strong: true },
  });
export const secondFactorSecret = z
  .object({
    secret: z.string().describe('Base32, to be typed by hand'),
    uri: z.string().describe('`otpauth://…`, to be shown as a QR code'),
  })
  .meta({
    id: 'SecondFactorSecret',
    example: {
      secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
      uri: 'otpauth://totp/Evently:ada%40example.org?issuer=Evently&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&algorithm=SHA1&digits=6&period=30',
    },
  });
const CODES = { recoveryCodes: ['2b3c-d4e5-f6g7-h2i3', 'qrst-uvwx-yz23-4567'] };
export const recoveryCodes = z
  .object({ recoveryCodes: z.array(z.string()).describe('Each works once; shown now and never again') })
  .meta({ id: 'RecoveryCodes', example: CODES });
export const secondFactorOn = recoveryCodes
  .extend(proof.shape)
  .meta({ id: 'SecondFactorOn', example: { ...CODES, accessToken: ACCESS_TOKEN, expiresIn: 900 } });
export const accountExport = z
  .object({
    account,
    sessions: z.array(session).describe('Open logins, newest first'),
    records: z
      .record(z.string(), z.array(z.record(z.string(), z.unknown())))
      .describe(
        'Everything else, as it is stored: rows by table (bookings, payments, tickets, messages, ...)',
      ),
  })
  .meta({
    id: 'AccountExport',
    example: {
      account: ACCOUNT,
      sessions: [SESSION],
      records: { notification_preference: [{ kind: 'event.reminder', in_app: true, mail: false }] },
    },
  });

const MANAGED = {
  ...ACCOUNT,
  kind: 'account' as const,
  organisationId: null,
  reference: null,
  lockedAt: null,
  lockedReason: null,
};

export const managedAccount = account
  .extend({
    kind: z
      .enum(USER_KINDS)
      .describe('`customer`: of the shop of an organisation, with buyer sessions and without a login'),
    email: z.string().nullable().describe('Of a customer: where tickets are sent, if anywhere'),
    name: z.string().nullable(),
    organisationId: z.uuid().nullable().describe('Of a customer: whose'),
    reference: z.string().nullable().describe('By what the shop knows its customer'),
    lockedAt: z.iso.datetime().nullable().describe('Since when nobody may log in to it; null: it is open'),
    lockedReason: z.string().nullable(),
  })
  .meta({ id: 'ManagedAccount', example: MANAGED });

export const accountQuery = page.extend({
  q: text(100).optional().describe('Part of the email address or the name'),
  role: z.enum(ROLE_NAMES).optional(),
  locked: flag.optional().describe('true: only those that are locked'),
  kind: z.enum(USER_KINDS).optional().describe('Without it: accounts'),
});
export const accountPage = pageOf(managedAccount)
  .extend({ total: z.int() })
  .meta({
    id: 'AccountPage',
    example: { data: [MANAGED], next: null, total: 1 },
  });
export const assignRole = z
  .strictObject({ role: z.enum(ROLE_NAMES) })
  .meta({ id: 'AssignRole', example: { role: 'organizer' } });

export const lockAccount = z
  .strictObject({ reason: text(500).describe('For other administrators; its person does not see it') })
  .meta({ id: 'LockAccount', example: { reason: 'Cards of others were used' } });

export type Register = z.infer<typeof register>;
export type Login = z.infer<typeof login>;
export type SecondStep = z.infer<typeof secondStep>;
export type PasskeyLogin = z.infer<typeof passkeyLogin>;
export type StepUpProof = z.infer<typeof stepUp>;
export type EditMe = z.infer<typeof editMe>;
export type ChangePassword = z.infer<typeof changePassword>;
export type Reset = z.infer<typeof reset>;
export type AccountQuery = z.infer<typeof accountQuery>;
