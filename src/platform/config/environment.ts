import { z } from 'zod';
import { proxiesOf } from '../common/proxies.rules.js';
import {
  DEFAULT_OPEN_HOLDS,
  DEFAULT_QUOTAS,
  factorsOf,
  LIMIT_KINDS,
  openHoldsOf,
  quotasOf,
} from '../common/quotas.js';
import { urlsOf } from './database-urls.js';

const flag = (fallback: 'on' | 'off') =>
  z
    .enum(['on', 'off'], 'must be on or off')
    .default(fallback)
    .transform((value) => value === 'on');
const url = (...protocols: string[]) =>
  z
    .string()
    .refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol.slice(0, -1)), {
      message: `must be a URL that starts with ${protocols.map((p) => `${p}://`).join(' or ')}`,
    });

const databaseUrl = url('postgres', 'postgresql');
/** One host, or several with commas. */
const databaseUrls = z.string().superRefine((value, context) => {
  for (const host of urlsOf(value))
    for (const issue of databaseUrl.safeParse(host).error?.issues ?? []) context.addIssue({ ...issue });
});

/** Default password of PostgreSQL and RabbitMQ in docker-compose.yml. */
const DEVELOPMENT_PASSWORD = 'sriman';
const passwordOf = (value: string | undefined) =>
  value && decodeURIComponent(new URL(urlsOf(value)[0] ?? value).password);

const isSeed = (value: string) =>
  /^[\w-]{43}$/.test(value) && Buffer.from(value, 'base64url').toString('base64url') === value;
const share = z.coerce.number().min(0).max(1);
/** `fail=0.2,late=0.1` */
const faults = z
  .string()
  .transform((value) => Object.fromEntries(value.split(',').map((part) => part.split('='))))
  .pipe(
    z.strictObject(
      { fail: share.default(0), late: share.default(0) },
      'must be shares of calls, such as fail=0.2,late=0.1',
    ),
  );

const wrong = (context: z.RefinementCtx, message: string) => {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
};

/** Variables that are read, their values, and their combinations. */
export const environment = z
  .object({
    NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
    EVENTLY_ROLE: z.enum(['all', 'api', 'worker'], 'must be all, api or worker').default('all'),
    EVENTLY_DRAIN_SECONDS: z.coerce.number().int().min(0).max(300).optional(),
    EVENTLY_LIVE_POLLING: z.enum(['on', 'off'], 'must be on or off').optional(),
    HOST: z.string().min(1).optional(),
    PORT: z.coerce
      .number('must be a number from 0 to 65535')
      .int('must be a number from 0 to 65535')
      .min(0)
      .max(65535)
      .default(8000),
    PUBLIC_URL: url('http', 'https').optional(),
    TRUST_PROXY: z
      .string()
      .default('off')
      .transform(
        (value, context) =>
          proxiesOf(value) ??
          wrong(context, 'must be off, a number of proxies, or addresses and networks with commas'),
      ),
    LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).optional(),
    EVENTLY_DATA_DIR: z.string().min(1).default('.evently'),
    EVENTLY_DEMO: z.enum(['on', 'off'], 'must be on or off').optional(),
    EVENTLY_RATE_LIMITS: flag('on'),
    EVENTLY_LIMITS: z
      .string()
      .optional()
      .transform((value, context) =>
        value === undefined
          ? DEFAULT_QUOTAS
          : (quotasOf(value) ??
            wrong(
              context,
              `must be such as holds=120,address.default=6000; there are ${LIMIT_KINDS.join(', ')}`,
            )),
      ),
    EVENTLY_LIMIT_FACTORS: z
      .string()
      .optional()
      .transform((value, context) =>
        value === undefined
          ? new Map<string, number>()
          : (factorsOf(value) ??
            wrong(context, 'must be ids of people or addresses with a factor, such as 192.0.2.7=20')),
      ),
    EVENTLY_OPEN_HOLDS: z
      .string()
      .optional()
      .transform((value, context) =>
        value === undefined
          ? DEFAULT_OPEN_HOLDS
          : (openHoldsOf(value) ?? wrong(context, 'must be such as person=5,network=300')),
      ),
    EVENTLY_ALLOW_EMBEDDED: flag('off'),
    EVENTLY_JWT_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
    EVENTLY_TICKET_KEY: z
      .string()
      .refine(
        (value) => value.split(',').every(isSeed),
        'must be 32 bytes in base64url, or several with commas',
      )
      .optional(),
    EVENTLY_CORS_ORIGINS: z.string().default('*'),
    EVENTLY_DB_CONNECTIONS: z.coerce.number().int().min(2).max(200).default(10),
    EVENTLY_LANE_QUEUE: z.coerce.number().int().min(1).max(100_000).default(4096),
    EVENTLY_SWEEPER: flag('on'),
    EVENTLY_PAYMENT_TIMEOUT_MS: z.coerce.number().int().min(50).max(60_000).default(10_000),
    EVENTLY_SANDBOX_FAULTS: faults.optional(),
    STRIPE_SECRET_KEY: z
      .string()
      .regex(/^[rs]k_\w+$/, 'must be a secret or restricted key (sk_… or rk_…)')
      .optional(),
    STRIPE_WEBHOOK_SECRET: z
      .string()
      .regex(/^whsec_\w+$/, 'must start with whsec_')
      .optional(),
    STRIPE_PUBLISHABLE_KEY: z
      .string()
      .regex(/^pk_\w+$/, 'must start with pk_')
      .optional(),
    STRIPE_API_BASE: url('http', 'https').default('https://api.stripe.com'),
    EVENTLY_SAGA_LEASE_MS: z.coerce.number().int().min(100).max(600_000).default(30_000),
    EVENTLY_SAGA_WORKER: flag('on'),
    EVENTLY_SAGA_DAYS: z.coerce.number().int().min(1).max(3_650).default(90),
    EVENTLY_WAITLIST_WORKER: flag('on'),
    EVENTLY_WAITLIST_OFFER_SECONDS: z.coerce.number().int().min(30).max(86_400).default(900),
    EVENTLY_WAITLIST_BYPASSES: z.coerce.number().int().min(1).max(1_000).default(3),
    EVENTLY_WAITLIST_COLLECT_SECONDS: z.coerce.number().int().min(1).max(86_400).default(600),
    EVENTLY_LIVE_TICK_MS: z.coerce.number().int().min(5).max(5_000).default(50),
    EVENTLY_SOCKETS_PER_ADDRESS: z.coerce.number().int().min(1).max(100_000).default(256),
    EVENTLY_SOCKETS: z.coerce.number().int().min(1).max(1_000_000).default(10_000),
    EVENTLY_CONNECTIONS: z.coerce.number().int().min(10).max(1_000_000).default(16_384),
    EVENTLY_CONNECTIONS_PER_ADDRESS: z.coerce.number().int().min(1).max(1_000_000).default(1_024),
    EVENTLY_WEBHOOK_TIMEOUT_MS: z.coerce.number().int().min(100).max(60_000).default(10_000),
    EVENTLY_WEBHOOK_PRIVATE: flag('off'),
    EVENTLY_IDENTITY_TIMEOUT_MS: z.coerce.number().int().min(100).max(30_000).default(5_000),
    EVENTLY_IDENTITY_PRIVATE: flag('off'),
    DATABASE_URL: databaseUrls.optional(),
    REDIS_URL: url('redis', 'rediss').optional(),
    // On loopback a command takes 0.1 ms, and the PostgreSQL query that it spares 2 ms: a slower answer saves nothing.
    EVENTLY_REDIS_TIMEOUT_MS: z.coerce.number().int().min(1).max(10_000).default(10),
    AMQP_URL: url('amqp', 'amqps').optional(),
    EVENTLY_DEV_MAIL: z.enum(['off', 'loopback', 'everyone'], 'must be off, loopback or everyone').optional(),
    SMTP_URL: url('smtp', 'smtps').optional(),
    EVENTLY_MAIL_TIMEOUT_MS: z.coerce.number().int().min(100).max(120_000).default(20_000),
    EVENTLY_REMINDER_HOURS: z.coerce.number().int().min(1).max(720).default(24),
    MAIL_FROM: z.string().default('Evently <evently@localhost>'),
    EVENTLY_METRICS: z.enum(['open', 'token', 'off'], 'must be open, token or off').optional(),
    EVENTLY_METRICS_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
    OTEL_EXPORTER_OTLP_ENDPOINT: url('http', 'https').optional(),
    OTEL_TRACES_SAMPLER_ARG: share.default(0.01),
    OTEL_SERVICE_NAME: z.string().min(1).default('evently'),
  })
  .superRefine((env, context) => {
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (env.EVENTLY_SAGA_LEASE_MS <= env.EVENTLY_PAYMENT_TIMEOUT_MS)
      refuse('EVENTLY_SAGA_LEASE_MS', 'must be more than EVENTLY_PAYMENT_TIMEOUT_MS');
    if (env.STRIPE_SECRET_KEY && !env.STRIPE_WEBHOOK_SECRET)
      refuse('STRIPE_WEBHOOK_SECRET', 'is needed with STRIPE_SECRET_KEY');
    if (env.EVENTLY_METRICS === 'token' && !env.EVENTLY_METRICS_TOKEN)
      refuse('EVENTLY_METRICS_TOKEN', 'is needed with EVENTLY_METRICS=token');
    if (env.NODE_ENV !== 'production') return;
    if (env.EVENTLY_DEMO === 'on') refuse('EVENTLY_DEMO', 'must not be on in production');
    if (env.EVENTLY_SANDBOX_FAULTS) refuse('EVENTLY_SANDBOX_FAULTS', 'must not be set in production');
    if (!env.STRIPE_API_BASE.startsWith('https:')) refuse('STRIPE_API_BASE', 'must be https in production');
    if (!env.DATABASE_URL && !env.EVENTLY_ALLOW_EMBEDDED)
      refuse(
        'DATABASE_URL',
        'is needed in production (EVENTLY_ALLOW_EMBEDDED=on accepts the embedded database)',
      );
    if (env.EVENTLY_DEV_MAIL && env.EVENTLY_DEV_MAIL !== 'off')
      refuse('EVENTLY_DEV_MAIL', 'must be off in production: mails hold links that reset passwords');
    if (env.EVENTLY_WEBHOOK_PRIVATE) refuse('EVENTLY_WEBHOOK_PRIVATE', 'must not be on in production');
    if (!env.EVENTLY_RATE_LIMITS) refuse('EVENTLY_RATE_LIMITS', 'must not be off in production');
    for (const name of ['DATABASE_URL', 'AMQP_URL'] as const)
      if (passwordOf(env[name]) === DEVELOPMENT_PASSWORD)
        refuse(name, 'must not have the password of docker-compose.yml for development');
    if (!env.EVENTLY_JWT_SECRET && env.DATABASE_URL)
      refuse('EVENTLY_JWT_SECRET', 'is needed in production: every replica must share it');
    if (!env.EVENTLY_TICKET_KEY && env.DATABASE_URL)
      refuse('EVENTLY_TICKET_KEY', 'is needed in production: every replica must sign tickets with it');
  });

export type Environment = z.infer<typeof environment>;
