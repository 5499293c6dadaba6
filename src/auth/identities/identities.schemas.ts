import { z } from 'zod';
import { instant, line, uuid } from '../../platform/common/schemas.js';
import { issuerOf, issuerProblem } from './identity.rules.js';

const ID = '019ab0c0-0000-7000-8000-0000000000d1';
const ISSUER = 'https://id.example.org/realms/house';

const issuer = z
  .string()
  .max(500)
  .transform(issuerOf)
  .superRefine((value, context) => {
    const problem = issuerProblem(value);
    if (problem) context.addIssue(problem);
  })
  .describe(
    'Its address, below which `.well-known/openid-configuration` is found; it cannot be changed later',
  );
const clientId = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .describe('Name under which the provider knows this installation');
const clientSecret = z
  .string()
  .min(1)
  .max(1_000)
  .nullable()
  .describe('Given by the provider; null for a public client. No answer holds it');
const enabled = z.boolean().describe('Whether people can log in with it');
const name = line(50).describe('As people know it: “Continue with …”');

const EXAMPLE = {
  name: 'House ID',
  issuer: ISSUER,
  clientId: 'evently',
  clientSecret: 'a-secret-of-theirs',
  enabled: true,
};

export const newProvider = z
  .strictObject({
    name,
    issuer,
    clientId,
    clientSecret: clientSecret.default(null),
    enabled: enabled.default(true),
  })
  .meta({ id: 'NewIdentityProvider', example: EXAMPLE });
export const providerChanges = z
  .strictObject({
    name: name.optional(),
    clientId: clientId.optional(),
    clientSecret: clientSecret.optional(),
    enabled: enabled.optional(),
  })
  .meta({ id: 'IdentityProviderChanges', example: { enabled: false } });

const PROVIDER = {
  id: ID,
  name: EXAMPLE.name,
  issuer: ISSUER,
  clientId: EXAMPLE.clientId,
  hasSecret: true,
  enabled: true,
  redirectUri: `https://tickets.example.org/api/v1/auth/identities/callback/${ID}`,
  people: 12,
  version: 1,
  createdAt: '2027-06-01T09:00:00.000Z',
};
export const provider = z
  .strictObject({
    id: uuid,
    name: z.string(),
    issuer: z.string(),
    clientId: z.string(),
    hasSecret: z.boolean(),
    enabled,
    redirectUri: z.string().describe('Must be allowed at the provider, to the letter'),
    people: z.int().describe('Accounts that are linked to it'),
    version: z.int(),
    createdAt: instant,
  })
  .meta({ id: 'IdentityProvider', example: PROVIDER });
export const providerList = z
  .strictObject({ data: z.array(provider) })
  .meta({ id: 'IdentityProviderList', example: { data: [PROVIDER] } });

export const providerLook = z
  .strictObject({
    issuer: z.string(),
    authorizationEndpoint: z.string(),
    tokenEndpoint: z.string(),
    namesItself: z.boolean().describe('Whether its answers say from whom they are (RFC 9207)'),
    pkce: z.boolean().describe('Whether it says that it knows PKCE with S256, which is always sent'),
  })
  .meta({
    id: 'IdentityProviderLook',
    example: {
      issuer: ISSUER,
      authorizationEndpoint: `${ISSUER}/auth`,
      tokenEndpoint: `${ISSUER}/token`,
      namesItself: true,
      pkce: true,
    },
  });

export const openProvidersQuery = z.strictObject({
  organisation: uuid.optional().describe('Those of this organisation; else those of the whole installation'),
});
export const openProviders = z
  .strictObject({
    organisation: z.string().nullable().describe('Name of the organisation that was asked for'),
    data: z.array(z.strictObject({ id: uuid, name: z.string() })),
  })
  .meta({
    id: 'OpenIdentityProviders',
    example: { organisation: null, data: [{ id: ID, name: EXAMPLE.name }] },
  });

export const begin = z
  .strictObject({ provider: uuid })
  .meta({ id: 'BeginIdentityLogin', example: { provider: ID } });
export const begun = z
  .strictObject({ url: z.string().describe('At the provider; the browser goes there') })
  .meta({ id: 'IdentityLogin', example: { url: `${ISSUER}/auth?client_id=evently&response_type=code` } });

/** Answers of providers carry members of their own. */
export const callbackQuery = z.looseObject({
  state: z.string().max(200).optional().describe('Of the login that was begun'),
  code: z.string().max(4_000).optional(),
  iss: z.string().max(1_000).optional().describe('Issuer of the provider (RFC 9207)'),
  error: z.string().max(200).optional(),
});
export type CallbackQuery = z.infer<typeof callbackQuery>;

const CODE = 'Yt7RbZ0aWvE2hNcS5gJ8pDi1oTk4XyUqHsQx9uKf3Lm';
export const finish = z
  .strictObject({
    code: z
      .string()
      .min(1)
      .max(200)
      .describe('Of the address that the provider’s answer led to; it works once, for 60 seconds'),
    device: z.string().min(1).max(200).optional().describe('The `device` of an earlier login from here'),
  })
  .meta({ id: 'FinishIdentityLogin', example: { code: CODE } });
export type Finish = z.infer<typeof finish>;

const IDENTITY = {
  id: '019ab0c0-0000-7000-8000-0000000000d2',
  provider: ID,
  name: EXAMPLE.name,
  linkedAt: '2027-06-01T09:00:00.000Z',
  lastUsedAt: null,
};
export const identityList = z
  .strictObject({
    data: z.array(
      z.strictObject({
        id: uuid,
        provider: uuid,
        name: z.string().describe('Name of the provider'),
        linkedAt: instant,
        lastUsedAt: instant.nullable(),
      }),
    ),
  })
  .meta({ id: 'IdentityList', example: { data: [IDENTITY] } });

export type NewProvider = z.infer<typeof newProvider>;
export type ProviderChanges = z.infer<typeof providerChanges>;
export type ProviderBody = z.infer<typeof provider>;
