import { z } from 'zod';
import { line } from '../../platform/common/schemas.js';

const CREDENTIAL = 'AbG5cVhG4nXo5vEw0h8cXQ';
const CHALLENGE = 'Zk3TqV7yF0b9mXr2LwHc8sJ1pNe5uGdAoKzB6RvQxCt';
const CLIENT_DATA = Buffer.from(
  JSON.stringify({ type: 'webauthn.get', challenge: CHALLENGE, origin: 'https://tickets.example.org' }),
).toString('base64url');
const AUTHENTICATOR_DATA = 'SZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2MFAAAAAQ';
const SIGNATURE = 'MEUCIQDl7Jm5c0bZ2o3v1p4';

/** Bytes in base64url, at most so many characters of it. */
const bytes = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[\w-]+$/, 'must be base64url');

const credentialId = bytes(1_400);
const type = z.literal('public-key');
/** Members that browsers add, and nobody reads here. */
const added = {
  authenticatorAttachment: z.enum(['platform', 'cross-platform']).optional(),
  clientExtensionResults: z.record(z.string(), z.unknown()).optional().describe('Not read'),
};
const transports = z.array(z.string().max(40)).max(10);

const NEW_CREDENTIAL = {
  id: CREDENTIAL,
  rawId: CREDENTIAL,
  type: 'public-key' as const,
  response: {
    clientDataJSON: CLIENT_DATA,
    attestationObject: 'o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YQ',
    transports: ['internal'],
  },
};
/** Answer of `navigator.credentials.create()`, as its `toJSON()` writes it. */
export const newCredential = z
  .strictObject({
    id: credentialId,
    rawId: credentialId,
    type,
    response: z.strictObject({
      clientDataJSON: bytes(8_192),
      attestationObject: bytes(32_768),
      transports: transports.optional(),
      authenticatorData: bytes(32_768).optional(),
      publicKey: bytes(8_192).optional(),
      publicKeyAlgorithm: z.int().optional(),
    }),
    ...added,
  })
  .meta({
    id: 'NewCredential',
    example: NEW_CREDENTIAL,
  });

export const PROOF = {
  id: CREDENTIAL,
  rawId: CREDENTIAL,
  type: 'public-key' as const,
  response: { clientDataJSON: CLIENT_DATA, authenticatorData: AUTHENTICATOR_DATA, signature: SIGNATURE },
};
/** Answer of `navigator.credentials.get()`, as its `toJSON()` writes it. */
export const passkeyProof = z
  .strictObject({
    id: credentialId,
    rawId: credentialId,
    type,
    response: z.strictObject({
      clientDataJSON: bytes(8_192),
      authenticatorData: bytes(4_096),
      signature: bytes(16_384),
      userHandle: bytes(100).nullish(),
    }),
    ...added,
  })
  .meta({ id: 'PasskeyProof', example: PROOF });

const name = line(60).describe('As its person calls it');
export const addPasskey = z
  .strictObject({
    name: name.optional().describe('Without it, browser and system give the name'),
    credential: newCredential,
  })
  .meta({ id: 'AddPasskey', example: { name: 'My phone', credential: NEW_CREDENTIAL } });
export const renamePasskey = z
  .strictObject({ name })
  .meta({ id: 'RenamePasskey', example: { name: 'My phone' } });

const challenge = z.string().describe('Works once, within five minutes');
const timeout = z.int().describe('Milliseconds');
const known = z.object({ id: z.string(), type, transports: z.array(z.string()) });

/** For `PublicKeyCredential.parseCreationOptionsFromJSON()`. */
export const creationOptions = z
  .object({
    challenge,
    rp: z.object({ id: z.string(), name: z.string() }),
    user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
    pubKeyCredParams: z.array(z.object({ type, alg: z.int() })),
    timeout,
    attestation: z.literal('none'),
    excludeCredentials: z.array(known).describe('Passkeys that the account has already'),
    authenticatorSelection: z.object({
      residentKey: z.literal('required'),
      requireResidentKey: z.literal(true),
      userVerification: z.literal('required'),
    }),
  })
  .meta({
    id: 'PasskeyCreationOptions',
    example: {
      challenge: CHALLENGE,
      rp: { id: 'tickets.example.org', name: 'Evently' },
      user: { id: 'AZgfbjwAcACAAF8rbB2eQg', name: 'ada@example.org', displayName: 'Ada Byron' },
      pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
      timeout: 300_000,
      attestation: 'none',
      excludeCredentials: [],
      authenticatorSelection: {
        residentKey: 'required',
        requireResidentKey: true,
        userVerification: 'required',
      },
    },
  });

/** For `PublicKeyCredential.parseRequestOptionsFromJSON()`. */
export const requestOptions = z
  .object({
    challenge,
    rpId: z.string(),
    timeout,
    userVerification: z.literal('required'),
    allowCredentials: z
      .array(known)
      .describe('Passkeys that are accepted; empty for a login, where nobody is known yet'),
  })
  .meta({
    id: 'PasskeyRequestOptions',
    example: {
      challenge: CHALLENGE,
      rpId: 'tickets.example.org',
      timeout: 300_000,
      userVerification: 'required',
      allowCredentials: [],
    },
  });

const PASSKEY = {
  id: '01981f6e-5b00-7000-8000-2e3d4c5b6a79',
  name: 'My phone',
  synced: true,
  createdAt: '2026-03-01T18:00:00.000Z',
  lastUsedAt: '2026-03-02T09:30:00.000Z',
};
export const passkey = z
  .object({
    id: z.uuid(),
    name: z.string(),
    synced: z.boolean().describe('Kept on several devices of its person'),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Passkey', example: PASSKEY });
export const passkeys = z
  .object({ data: z.array(passkey) })
  .meta({ id: 'Passkeys', example: { data: [PASSKEY] } });

export type NewCredential = z.infer<typeof newCredential>;
export type PasskeyProof = z.infer<typeof passkeyProof>;
export type AddPasskey = z.infer<typeof addPasskey>;
export type CreationOptions = z.infer<typeof creationOptions>;
export type RequestOptions = z.infer<typeof requestOptions>;
