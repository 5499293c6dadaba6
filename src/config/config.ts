import type { TrustedProxies } from '../common/proxies.rules.js';
import type { Quotas } from '../common/quotas.js';
import { environment } from './environment.js';
import { readSecrets } from './secrets.js';

export interface StripeSettings {
  readonly secretKey: string;
  readonly webhookSecret: string;
  /** For Stripe's library in the browser; public. */
  readonly publishableKey: string | null;
  readonly apiBase: string;
}

export interface TracingSettings {
  /** Of the collector, without `/v1/traces`. */
  readonly endpoint: string;
  /** Of the requests that bring no decision along. */
  readonly share: number;
  readonly service: string;
}

/** Everything the process reads from its environment, checked once. */
export interface Config {
  readonly env: 'development' | 'test' | 'production';
  /** `api` answers, `worker` does what nobody waits for, `all` both. */
  readonly role: 'all' | 'api' | 'worker';
  /** How long it says that it is about to end before it takes no more requests. */
  readonly drainSeconds: number;
  /** Socket.IO over plain requests; these must reach the same replica, which no proxy here promises. */
  readonly livePolling: boolean;
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string;
  readonly trustProxy: TrustedProxies;
  readonly logLevel: string;
  readonly dataDir: string;
  readonly demo: boolean;
  readonly rateLimits: boolean;
  readonly limits: Quotas;
  /** How many times the quotas a client gets, by the id of a person or by the network. */
  readonly limitFactors: ReadonlyMap<string, number>;
  readonly jwtSecret: string;
  /** Seeds of the Ed25519 keys of tickets, base64url: the first signs, the others still verify. */
  readonly ticketKeys: readonly string[];
  readonly corsOrigins: string[] | '*';
  readonly databaseUrl: string | undefined;
  /** PostgreSQL comes with the process instead of from `DATABASE_URL`. */
  readonly embeddedDatabase: boolean;
  readonly databaseConnections: number;
  /** Hold requests that may wait per event; beyond it 503. */
  readonly laneQueue: number;
  readonly sweeper: boolean;
  /** How long one call of the payment provider may take. */
  readonly paymentTimeoutMs: number;
  /** Shares of the sandbox's calls that fail, half of them after they took effect, and that take effect but never answer. */
  readonly sandboxFaults: { readonly fail: number; readonly late: number };
  /** Absent: the sandbox takes payments. */
  readonly stripe: StripeSettings | undefined;
  /** How long a replica leads a saga's step before another one may take it over; more than a provider's call may take. */
  readonly sagaLeaseMs: number;
  /** How many days sagas are kept after their end. */
  readonly sagaDays: number;
  /** Whether this replica goes on with sagas that nobody leads. */
  readonly sagaWorker: boolean;
  /** Whether this replica offers freed seats to those who wait. */
  readonly waitlistWorker: boolean;
  /** How long an offer to somebody who waits is good. */
  readonly waitlistOfferSeconds: number;
  /** Freed seats are collected for whoever was passed by so often, for so many seconds at most. */
  readonly waitlistBypasses: number;
  readonly waitlistCollectSeconds: number;
  /** Changes of seats are collected this long before a frame goes to the sockets. */
  readonly liveTickMs: number;
  readonly socketsPerAddress: number;
  /** Sockets in all. */
  readonly sockets: number;
  /** Open connections of all kinds, in all and from one address (when nobody stands in between). */
  readonly connections: number;
  readonly connectionsPerAddress: number;
  /** Redis, which replicas then share; everything is correct without. */
  readonly redisUrl: string | undefined;
  /** RabbitMQ, which then gets every fact. */
  readonly amqpUrl: string | undefined;
  /** How long an organizer's endpoint may take to answer. */
  readonly webhookTimeoutMs: number;
  /** Webhooks may go to private addresses and over plain HTTP: for development. */
  readonly webhookPrivate: boolean;
  readonly smtpUrl: string | undefined;
  readonly mailFrom: string;
  /** How long the SMTP server may be silent. */
  readonly mailTimeoutMs: number;
  /** How long before an event its buyers are reminded. */
  readonly reminderHours: number;
  /** Who may read the metrics: anybody, whoever has the token, nobody because there are none. */
  readonly metrics: 'open' | 'token' | 'off';
  /** Absent with `token`: production that was told nothing, where all are refused. */
  readonly metricsToken: string | undefined;
  readonly tracing: TracingSettings | undefined;
}

export const CONFIG = Symbol('config');

/** All problems of the environment at once, one line each. */
export class ConfigError extends Error {}

/**
 * Reads and validates the environment; makes missing secrets in the data folder.
 * @throws ConfigError naming every variable that is wrong
 */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const filled = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(filled);
  if (!parsed.success)
    throw new ConfigError(parsed.error.issues.map((i) => `${i.path.join('.')} ${i.message}`).join('\n'));
  const e = parsed.data;
  const production = e.NODE_ENV === 'production';
  const host = e.HOST ?? (production ? '0.0.0.0' : '127.0.0.1');
  return {
    env: e.NODE_ENV,
    role: e.EVENTLY_ROLE,
    drainSeconds: e.EVENTLY_DRAIN_SECONDS ?? (production ? 5 : 0),
    livePolling: (e.EVENTLY_LIVE_POLLING ?? (production ? 'off' : 'on')) === 'on',
    host,
    port: e.PORT,
    publicUrl: e.PUBLIC_URL ?? `http://localhost:${e.PORT}`,
    trustProxy: e.TRUST_PROXY,
    // At a terminal the few lines that say where everything is must not drown.
    logLevel: e.LOG_LEVEL ?? (production ? 'info' : 'warn'),
    dataDir: e.EVENTLY_DATA_DIR,
    demo: e.EVENTLY_DEMO && !production,
    rateLimits: e.EVENTLY_RATE_LIMITS,
    limits: e.EVENTLY_LIMITS,
    limitFactors: e.EVENTLY_LIMIT_FACTORS,
    jwtSecret: e.EVENTLY_JWT_SECRET ?? readSecrets(e.EVENTLY_DATA_DIR).jwtSecret,
    ticketKeys: e.EVENTLY_TICKET_KEY?.split(',') ?? [readSecrets(e.EVENTLY_DATA_DIR).ticketKey],
    corsOrigins:
      e.EVENTLY_CORS_ORIGINS === '*' ? '*' : e.EVENTLY_CORS_ORIGINS.split(',').map((o) => o.trim()),
    databaseUrl: e.DATABASE_URL,
    embeddedDatabase: !e.DATABASE_URL,
    databaseConnections: e.EVENTLY_DB_CONNECTIONS,
    laneQueue: e.EVENTLY_LANE_QUEUE,
    sweeper: e.EVENTLY_SWEEPER,
    paymentTimeoutMs: e.EVENTLY_PAYMENT_TIMEOUT_MS,
    sandboxFaults: e.EVENTLY_SANDBOX_FAULTS ?? { fail: 0, late: 0 },
    stripe: e.STRIPE_SECRET_KEY
      ? {
          secretKey: e.STRIPE_SECRET_KEY,
          webhookSecret: e.STRIPE_WEBHOOK_SECRET!,
          publishableKey: e.STRIPE_PUBLISHABLE_KEY ?? null,
          apiBase: e.STRIPE_API_BASE,
        }
      : undefined,
    sagaLeaseMs: e.EVENTLY_SAGA_LEASE_MS,
    sagaDays: e.EVENTLY_SAGA_DAYS,
    sagaWorker: e.EVENTLY_SAGA_WORKER,
    waitlistWorker: e.EVENTLY_WAITLIST_WORKER,
    waitlistOfferSeconds: e.EVENTLY_WAITLIST_OFFER_SECONDS,
    waitlistBypasses: e.EVENTLY_WAITLIST_BYPASSES,
    waitlistCollectSeconds: e.EVENTLY_WAITLIST_COLLECT_SECONDS,
    liveTickMs: e.EVENTLY_LIVE_TICK_MS,
    socketsPerAddress: e.EVENTLY_SOCKETS_PER_ADDRESS,
    sockets: e.EVENTLY_SOCKETS,
    connections: e.EVENTLY_CONNECTIONS,
    connectionsPerAddress: e.EVENTLY_CONNECTIONS_PER_ADDRESS,
    redisUrl: e.REDIS_URL,
    amqpUrl: e.AMQP_URL,
    webhookTimeoutMs: e.EVENTLY_WEBHOOK_TIMEOUT_MS,
    webhookPrivate: e.EVENTLY_WEBHOOK_PRIVATE,
    smtpUrl: e.SMTP_URL,
    mailFrom: e.MAIL_FROM,
    mailTimeoutMs: e.EVENTLY_MAIL_TIMEOUT_MS,
    reminderHours: e.EVENTLY_REMINDER_HOURS,
    metrics: e.EVENTLY_METRICS ?? (e.EVENTLY_METRICS_TOKEN || production ? 'token' : 'open'),
    metricsToken: e.EVENTLY_METRICS_TOKEN,
    tracing: e.OTEL_EXPORTER_OTLP_ENDPOINT
      ? {
          endpoint: e.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/$/, ''),
          share: e.OTEL_TRACES_SAMPLER_ARG,
          service: e.OTEL_SERVICE_NAME,
        }
      : undefined,
  };
}
