import type { TrustedProxies } from '../common/proxies.rules.js';
import type { OpenHoldCaps, Quotas } from '../common/quotas.js';
import { type Environment, environment } from './environment.js';
import { readSecrets } from './secrets.js';

export interface HttpSettings {
  readonly host: string;
  readonly port: number;
  /** Without a slash at its end. */
  readonly publicUrl: string;
  readonly trustProxy: TrustedProxies;
  readonly corsOrigins: string[] | '*';
  /** Maximum number of open connections of all kinds, in all and from one address (without a proxy in between). */
  readonly connections: number;
  readonly connectionsPerAddress: number;
  /** Seconds for which the replica announces its end before it takes no more requests. */
  readonly drainSeconds: number;
}

export interface LimitSettings {
  /** False: nobody is refused for asking often. */
  readonly on: boolean;
  readonly quotas: Quotas;
  /** Factors by which clients get higher quotas, by the id of a person or by network. */
  readonly factors: ReadonlyMap<string, number>;
  readonly openHolds: OpenHoldCaps;
}

export interface InventorySettings {
  /** Hold requests that may wait per event; beyond it 503. */
  readonly laneQueue: number;
  /** True when this replica ends holds that are overdue. */
  readonly sweeper: boolean;
}

export interface PaymentSettings {
  /** Milliseconds that one call of the payment provider may take. */
  readonly timeoutMs: number;
  /**
   * Shares of the sandbox's calls that fail, half of them after they took effect, and that take effect but never
   * answer.
   */
  readonly sandboxFaults: { readonly fail: number; readonly late: number };
  /** Absent: the sandbox takes payments. */
  readonly stripe: StripeSettings | undefined;
}

export interface StripeSettings {
  readonly secretKey: string;
  readonly webhookSecret: string;
  /** For Stripe's library in the browser; public. */
  readonly publishableKey: string | null;
  readonly apiBase: string;
}

export interface SagaSettings {
  /** Milliseconds that a replica leads a step before another may take over; more than a provider's call may take. */
  readonly leaseMs: number;
  /** Days that sagas are kept after their end. */
  readonly days: number;
  /** True when this replica continues sagas that nobody leads. */
  readonly worker: boolean;
}

export interface WaitlistSettings {
  /** True when this replica offers freed seats to the waitlist. */
  readonly worker: boolean;
  /** Seconds that an offer is valid. */
  readonly offerSeconds: number;
  /** Number of bypasses after which freed seats are collected for an entry, and the seconds for which they are at most. */
  readonly bypasses: number;
  readonly collectSeconds: number;
}

export interface LiveSettings {
  /** Allows Socket.IO by polling. Its requests must all reach one replica, which the supplied proxies do not ensure. */
  readonly polling: boolean;
  /** Milliseconds for which changes of seats are collected before a frame goes to the sockets. */
  readonly tickMs: number;
  /** Maximum number of sockets, in all and from one address. */
  readonly sockets: number;
  readonly socketsPerAddress: number;
}

export interface WebhookSettings {
  /** Milliseconds that an organizer's endpoint may take to answer. */
  readonly timeoutMs: number;
  /** True when webhooks may go to private addresses and over plain HTTP: for development. */
  readonly allowPrivate: boolean;
}

export interface IdentitySettings {
  /** Milliseconds that another login provider may take for one answer. */
  readonly timeoutMs: number;
  /** True when providers may be at private addresses; over plain HTTP only outside of production. */
  readonly allowPrivate: boolean;
}

export interface MailSettings {
  readonly from: string;
  /** Absent: mails are stored in the database; in production none is delivered. */
  readonly smtpUrl: string | undefined;
  /** Milliseconds that the SMTP server may be silent. */
  readonly timeoutMs: number;
  /** Readers of the mails that are stored because no SMTP server is set. */
  readonly devReaders: 'off' | 'loopback' | 'everyone';
}

export interface MetricsSettings {
  /** Readers: anybody, or holders of the token. */
  readonly readers: 'anybody' | 'token';
  /** Absent with readers `token` in production without a setting: then all requests are refused. */
  readonly token: string | undefined;
}

export interface TracingSettings {
  /** URL of the collector, without `/v1/traces`. */
  readonly endpoint: string;
  /** Share that is traced of the requests that bring no decision along. */
  readonly share: number;
  readonly service: string;
}

/** Everything the process reads from its environment, checked once. A part that may be absent is off when it is. */
export interface Settings {
  readonly env: 'development' | 'test' | 'production';
  /** Role: `api` answers requests, `worker` does background work, `all` does both. */
  readonly role: 'all' | 'api' | 'worker';
  readonly logLevel: string;
  readonly dataDir: string;
  readonly demo: boolean;
  readonly http: HttpSettings;
  /** `url` is absent when the process runs the embedded PostgreSQL instead of using `DATABASE_URL`. */
  readonly database: { readonly url: string | undefined; readonly connections: number };
  /** Replicas share it; everything is correct without it. `timeoutMs`: a later answer counts as none. */
  readonly redis: { readonly url: string; readonly timeoutMs: number } | undefined;
  /** RabbitMQ, which gets every fact. */
  readonly broker: { readonly url: string } | undefined;
  readonly mail: MailSettings;
  readonly metrics: MetricsSettings | undefined;
  readonly tracing: TracingSettings | undefined;
  readonly sagas: SagaSettings;
  readonly auth: { readonly jwtSecret: string };
  readonly limits: LimitSettings;
  readonly inventory: InventorySettings;
  readonly payments: PaymentSettings;
  /** Seeds of the Ed25519 keys of tickets, base64url: the first signs, the others still verify. */
  readonly tickets: { readonly keys: readonly string[] };
  readonly waitlist: WaitlistSettings;
  /** Hours before an event at which its buyers are reminded. */
  readonly notifications: { readonly reminderHours: number };
  readonly webhooks: WebhookSettings;
  readonly identities: IdentitySettings;
  readonly live: LiveSettings;
}

/** Settings of a process that has its database, given or embedded. */
export interface Config extends Settings {
  readonly database: { readonly url: string; readonly embedded: boolean; readonly connections: number };
}

export const CONFIG = Symbol('config');

/** All problems of the environment at once, one line each. */
export class ConfigError extends Error {}

/**
 * Reads and validates the environment; makes missing secrets in the data folder.
 * @throws ConfigError naming every variable that is wrong
 */
export function loadConfig(env: NodeJS.ProcessEnv): Settings {
  const filled = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(filled);
  if (!parsed.success)
    throw new ConfigError(parsed.error.issues.map((i) => `${i.path.join('.')} ${i.message}`).join('\n'));
  const e = parsed.data;
  const production = e.NODE_ENV === 'production';
  return {
    env: e.NODE_ENV,
    role: e.EVENTLY_ROLE,
    // At a terminal the few lines that say where everything is must not drown.
    logLevel: e.LOG_LEVEL ?? (production ? 'info' : 'warn'),
    dataDir: e.EVENTLY_DATA_DIR,
    demo: (e.EVENTLY_DEMO ?? (production ? 'off' : 'on')) === 'on',
    http: {
      host: e.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
      port: e.PORT,
      publicUrl: (e.PUBLIC_URL ?? `http://localhost:${e.PORT}`).replace(/\/$/, ''),
      trustProxy: e.TRUST_PROXY,
      corsOrigins:
        e.EVENTLY_CORS_ORIGINS === '*' ? '*' : e.EVENTLY_CORS_ORIGINS.split(',').map((o) => o.trim()),
      connections: e.EVENTLY_CONNECTIONS,
      connectionsPerAddress: e.EVENTLY_CONNECTIONS_PER_ADDRESS,
      drainSeconds: e.EVENTLY_DRAIN_SECONDS ?? (production ? 5 : 0),
    },
    database: { url: e.DATABASE_URL, connections: e.EVENTLY_DB_CONNECTIONS },
    redis: e.REDIS_URL ? { url: e.REDIS_URL, timeoutMs: e.EVENTLY_REDIS_TIMEOUT_MS } : undefined,
    broker: e.AMQP_URL ? { url: e.AMQP_URL } : undefined,
    mail: {
      from: e.MAIL_FROM,
      smtpUrl: e.SMTP_URL,
      timeoutMs: e.EVENTLY_MAIL_TIMEOUT_MS,
      devReaders: e.EVENTLY_DEV_MAIL ?? (production ? 'off' : 'loopback'),
    },
    metrics: metricsOf(e),
    tracing: e.OTEL_EXPORTER_OTLP_ENDPOINT
      ? {
          endpoint: e.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/$/, ''),
          share: e.OTEL_TRACES_SAMPLER_ARG,
          service: e.OTEL_SERVICE_NAME,
        }
      : undefined,
    sagas: { leaseMs: e.EVENTLY_SAGA_LEASE_MS, days: e.EVENTLY_SAGA_DAYS, worker: e.EVENTLY_SAGA_WORKER },
    auth: { jwtSecret: e.EVENTLY_JWT_SECRET ?? readSecrets(e.EVENTLY_DATA_DIR).jwtSecret },
    limits: {
      on: e.EVENTLY_RATE_LIMITS,
      quotas: e.EVENTLY_LIMITS,
      factors: e.EVENTLY_LIMIT_FACTORS,
      openHolds: e.EVENTLY_OPEN_HOLDS,
    },
    inventory: { laneQueue: e.EVENTLY_LANE_QUEUE, sweeper: e.EVENTLY_SWEEPER },
    payments: {
      timeoutMs: e.EVENTLY_PAYMENT_TIMEOUT_MS,
      sandboxFaults: e.EVENTLY_SANDBOX_FAULTS ?? { fail: 0, late: 0 },
      stripe: stripeOf(e),
    },
    tickets: { keys: e.EVENTLY_TICKET_KEY?.split(',') ?? [readSecrets(e.EVENTLY_DATA_DIR).ticketKey] },
    waitlist: {
      worker: e.EVENTLY_WAITLIST_WORKER,
      offerSeconds: e.EVENTLY_WAITLIST_OFFER_SECONDS,
      bypasses: e.EVENTLY_WAITLIST_BYPASSES,
      collectSeconds: e.EVENTLY_WAITLIST_COLLECT_SECONDS,
    },
    notifications: { reminderHours: e.EVENTLY_REMINDER_HOURS },
    webhooks: { timeoutMs: e.EVENTLY_WEBHOOK_TIMEOUT_MS, allowPrivate: e.EVENTLY_WEBHOOK_PRIVATE },
    identities: { timeoutMs: e.EVENTLY_IDENTITY_TIMEOUT_MS, allowPrivate: e.EVENTLY_IDENTITY_PRIVATE },
    live: {
      polling: (e.EVENTLY_LIVE_POLLING ?? (production ? 'off' : 'on')) === 'on',
      tickMs: e.EVENTLY_LIVE_TICK_MS,
      sockets: e.EVENTLY_SOCKETS,
      socketsPerAddress: e.EVENTLY_SOCKETS_PER_ADDRESS,
    },
  };
}

/** The same process with its database: that of `DATABASE_URL`, or the embedded one at `url`. */
export function withDatabaseAt(url: string, settings: Settings): Config {
  const { database } = settings;
  return { ...settings, database: { ...database, url, embedded: database.url === undefined } };
}

function metricsOf(e: Environment): MetricsSettings | undefined {
  const token = e.EVENTLY_METRICS_TOKEN;
  const mode = e.EVENTLY_METRICS ?? (token || e.NODE_ENV === 'production' ? 'token' : 'open');
  if (mode === 'off') return undefined;
  return { readers: mode === 'open' ? 'anybody' : 'token', token };
}

function stripeOf(e: Environment): StripeSettings | undefined {
  if (!e.STRIPE_SECRET_KEY || !e.STRIPE_WEBHOOK_SECRET) return undefined;
  return {
    secretKey: e.STRIPE_SECRET_KEY,
    webhookSecret: e.STRIPE_WEBHOOK_SECRET,
    publishableKey: e.STRIPE_PUBLISHABLE_KEY ?? null,
    apiBase: e.STRIPE_API_BASE,
  };
}
