// The boundaries of the code, as docs/ARCHITECTURE.md explains them. Each rule was seen red: test/rules/boundaries.test.ts.

/** Areas in the order they may import each other: a later one may know an earlier one, never the other way. */
const AREAS = [
  ['platform'],
  ['house'],
  ['images'],
  ['auth'],
  ['organisations'],
  ['venues'],
  ['events'],
  ['inventory', 'payments', 'customers'],
  ['bookings'],
  ['tickets'],
  ['orders'],
  ['waitlist', 'analytics', 'notifications'],
  ['live'],
  ['operations'],
  ['cli'],
];
/** Rooms within an area, in the same kind of order. */
const ROOMS = {
  platform: [
    ['common'],
    ['config'],
    ['access', 'http'],
    ['observability'],
    ['database', 'resilience'],
    ['jobs', 'redis'],
    ['facts', 'mail', 'saga'],
    ['cache'],
  ],
  auth: [
    ['access-log'],
    ['grants'],
    ['keys'],
    ['tokens'],
    ['limits'],
    ['factors', 'passkeys'],
    ['accounts'],
    ['identities'],
  ],
  inventory: [['memory'], ['holds', 'changes'], ['seat-map']],
  payments: [['providers'], ['payments'], ['reconciliation']],
  tickets: [['codes'], ['documents', 'gates', 'transfers']],
  orders: [['checkout', 'cancellation', 'goodwill-refunds'], ['history']],
  notifications: [['notifications', 'webhooks']],
  operations: [['invariants'], ['health', 'mails', 'people', 'audit-log', 'overview', 'docs', 'demo', 'web']],
};

/** What one may import of an area from outside: its use cases, wiring, facts, decorators and the shapes of its contract. */
const ENTRANCES = [
  '\\.(service|module|facts|decorators|schemas)\\.ts$',
  // The type of a hall, which whoever counts or draws seats needs.
  '^src/venues/layout\\.ts$',
  // The pure choice of the best seats, which the waitlist makes for those in line as holds make it for buyers.
  '^src/inventory/holds/best-available\\.rules\\.ts$',
  // The pure fold of a booking's facts, which history replays.
  '^src/bookings/booking\\.rules\\.ts$',
  // The colours made from one, which pages ask for by their address.
  '^src/house/accent\\.rules\\.ts$',
  // The logins of the demo, which the banner shows.
  '^src/operations/demo/accounts\\.ts$',
];
/** What main.ts and app.ts put together: routes and adapters that are no part of a module, and what is said and ended at the terminal. */
const PARTS_OF_THE_START = [
  '^src/auth/limits/limit-http\\.ts$',
  '^src/auth/tokens/bound-origins\\.ts$',
  '^src/live/live\\.adapter\\.ts$',
  '^src/operations/(demo/(demo|sales)|docs/docs\\.routes|web/web\\.routes)\\.ts$',
  '^src/cli/(banner|command|lifecycle)\\.ts$',
];

const oneOf = (names) => `(${names.join('|')})`;
const folder = (names, within = '') => `^src/${within}${oneOf(names)}/`;
const ALL = AREAS.flat();

/** No arrow goes up, and none goes between neighbours. `prefix` tells the rules of rooms from those of areas. */
function ordered(ranks, prefix, within) {
  const upwards = ranks.slice(0, -1).map((names, index) => ({
    name: `${prefix}order-${names[0]}`,
    severity: 'error',
    from: { path: folder(names, within) },
    to: { path: folder(ranks.slice(index + 1).flat(), within) },
  }));
  const sideways = ranks
    .filter((names) => names.length > 1)
    .map((names) => ({
      name: `${prefix}neighbours-${names[0]}`,
      severity: 'error',
      from: { path: folder(names, within) },
      to: { path: folder(names, within), pathNot: `^src/${within ?? ''}$1/` },
    }));
  return [...upwards, ...sideways];
}

/** What opens connections, and starts programs and threads. */
const CONNECTING = [
  '(^|/)node_modules/(pg|pg-copy-streams|ioredis|amqplib|nodemailer|undici|stripe|piscina|@opentelemetry/exporter-[^/]+)/',
  '^(node:)?(net|tls|http|https|http2|dgram|child_process|worker_threads)$',
];
/** The files that do, and give each of these a listener for errors at its birth. */
const FACTORIES = [
  '^src/platform/database/(primary|patient-socket|embedded-(process|cluster|files|watchdog))\\.ts$',
  '^src/platform/database/backup/(backup|restore)\\.ts$',
  '^src/platform/redis/redis-connection\\.ts$',
  '^src/platform/facts/broker\\.ts$',
  '^src/platform/mail/smtp\\.mailbox\\.ts$',
  '^src/notifications/webhooks/webhook-sender\\.ts$',
  '^src/auth/identities/oidc\\.client\\.ts$',
  '^src/payments/providers/stripe-',
  '^src/platform/observability/tracing\\.ts$',
  '^src/auth/tokens/hash-threads\\.ts$',
  '^src/tickets/documents/ticket-printer\\.service\\.ts$',
  // Whether the port is free, before anything else.
  '^src/main\\.ts$',
  // No connection: constants, `isIP`, a response that is never sent, the driver that is handed to TypeORM.
  '^src/(platform/(database/data-source|http/(request-limits|security-headers)|common/(network|proxies)\\.rules)|operations/docs/openapi|live/live\\.adapter)\\.ts$',
];

const notTypeOnly = { dependencyTypesNot: ['type-only'] };

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: { path: '^src/' },
      to: { circular: true, viaOnly: notTypeOnly },
    },
    {
      name: 'every-area-has-its-place',
      comment: 'Add a new folder to AREAS.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: folder(ALL) },
      to: {},
    },
    {
      name: 'every-room-has-its-place',
      comment: 'Add a new folder of an area to ROOMS.',
      severity: 'error',
      from: {
        path: '^src/[^/]+/[^/]+/',
        pathNot: Object.entries(ROOMS).map(([area, ranks]) => folder(ranks.flat(), `${area}/`)),
      },
      to: {},
    },
    {
      name: 'rooms-have-no-rooms',
      comment: 'The database keeps its migrations and the backup apart.',
      severity: 'error',
      from: { path: '^src/[^/]+/[^/]+/[^/]+/', pathNot: '^src/platform/database/' },
      to: {},
    },
    ...ordered(AREAS, ''),
    ...Object.entries(ROOMS).flatMap(([area, ranks]) => ordered(ranks, `rooms-of-${area}-`, `${area}/`)),
    {
      name: 'entrances',
      comment: 'An area is entered by its services, modules, facts, decorators and schemas.',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: folder(ALL.slice(1)), pathNot: ['^src/$1/', ...ENTRANCES] },
    },
    {
      name: 'entrances-of-the-root',
      severity: 'error',
      from: { path: '^src/[^/]+\\.ts$' },
      to: { path: folder(ALL.slice(1)), pathNot: [...ENTRANCES, ...PARTS_OF_THE_START] },
    },
    {
      name: 'sql-in-repositories-only',
      comment: 'Repositories, entities and platform/database know SQL. A module only registers its entities.',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: [
          '\\.(repository|entity)\\.ts$',
          '^src/platform/database/',
          // Its lead is an advisory lock that lives as long as a connection of its own.
          '^src/platform/facts/fact-lead\\.ts$',
        ],
      },
      to: { path: '(^|/)node_modules/(typeorm|pg)/' },
    },
    {
      name: 'connections-are-made-in-factories',
      comment:
        'An error event to which nobody listens ends the process: listeners are attached where a thing is made.',
      severity: 'error',
      from: { path: '^src/', pathNot: FACTORIES },
      to: { path: CONNECTING, ...notTypeOnly },
    },
    {
      name: 'entities-are-registered-by-modules',
      severity: 'error',
      from: { path: '^src/', pathNot: ['\\.(repository|entity|module)\\.ts$', '^src/platform/database/'] },
      to: { path: '(^|/)node_modules/@nestjs/typeorm/' },
    },
    {
      name: 'controllers-know-services-only',
      severity: 'error',
      from: { path: '\\.(controller|gateway)\\.ts$' },
      to: {
        path: '^src/',
        pathNot: [
          '\\.(service|schemas|decorators|guard|interceptor|filter|messages|rules)\\.ts$',
          folder(['common', 'config', 'access', 'http'], 'platform/'),
        ],
      },
    },
    {
      name: 'repositories-only-behind-services',
      comment: 'A repository knows no service, controller or gateway.',
      severity: 'error',
      from: { path: '\\.(repository|entity)\\.ts$' },
      to: {
        path: '^src/.+\\.(service|controller|gateway|module)\\.ts$',
        pathNot: '^src/platform/database/',
        ...notTypeOnly,
      },
    },
    {
      name: 'http-stays-at-the-edge',
      comment: 'Controllers, guards, interceptors and filters know requests, replies and statuses.',
      severity: 'error',
      from: { path: '\\.(service|repository|entity|rules|jobs|facts)\\.ts$' },
      to: {
        path: [
          '(^|/)node_modules/(fastify|@fastify/[^/]+|@nestjs/platform-fastify)/',
          '\\.(controller|guard|interceptor|filter)\\.ts$',
        ],
      },
    },
    {
      name: 'rules-are-pure',
      severity: 'error',
      from: { path: '\\.rules\\.ts$' },
      to: {
        path: [
          '(^|/)node_modules/(@nestjs|typeorm|pg|fastify|rxjs)/',
          '^(node:)?(fs|http|https|child_process|timers|dgram|tls|worker_threads)(/|$)',
          '\\.(service|repository|controller|gateway|module|entity)\\.ts$',
          folder(['database', 'config'], 'platform/'),
        ],
        ...notTypeOnly,
      },
    },
    {
      name: 'src-stands-alone',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|web|bench|scripts|dist)/' },
    },
    {
      name: 'nobody-imports-the-root',
      severity: 'error',
      from: { path: '^src/[^/]+/' },
      to: { path: '^src/[^/]+\\.ts$' },
    },
    {
      name: 'declared-packages-only',
      comment:
        'What src imports is installed by `npm ci --omit=dev`. Types of what Nest brings along are fine.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], ...notTypeOnly },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
