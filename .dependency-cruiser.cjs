// The boundaries of the code, as docs/ARCHITECTURE.md explains them. Each rule was seen red: test/boundaries.test.ts.

const BASE = [
  'common',
  'config',
  'database',
  'facts',
  'cache',
  'redis',
  'resilience',
  'observability',
  'saga',
  'jobs',
  'mail',
  'acts',
];
/** Features in the order they may import each other: a later one may know an earlier one, never the other way. */
const ORDER = [
  ['auth'],
  ['limits'],
  ['accounts'],
  ['venues'],
  ['events'],
  ['inventory'],
  ['seats'],
  ['bookings'],
  ['providers'],
  ['payments', 'tickets'],
  ['reconciliation'],
  ['checkout', 'cancellation', 'refunds'],
  ['waitlist', 'notifications', 'analytics', 'webhooks', 'history'],
  ['live'],
  ['admin'],
  ['audit', 'health', 'demo', 'docs', 'web'],
];
const FEATURES = ORDER.flat();
const folder = (names) => `^src/(${names.join('|')})/`;

/** What one may import of a feature from outside: its use cases, wiring, facts, decorators and the shapes of its contract. */
const ENTRANCES = [
  '\\.(service|module|facts|decorators|schemas)\\.ts$',
  '^src/auth/(principal|password\\.rules)\\.ts$',
  '^src/venues/layout\\.ts$',
  '^src/inventory/best-available\\.rules\\.ts$',
  // What main.ts starts and the documents describe.
  '^src/demo/(demo|accounts)\\.ts$',
  '^src/docs/docs\\.routes\\.ts$',
  '^src/web/web\\.routes\\.ts$',
  '^src/live/live\\.adapter\\.ts$',
  '^src/limits/limit-http\\.ts$',
];
/** `@Public()`, `@CurrentUser()` and who that is: base parts have routes too. */
const AUTH_WORDS = '^src/auth/(auth\\.decorators|principal)\\.ts$';

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
      name: 'every-folder-has-its-place',
      comment: 'Add a new folder to BASE or ORDER.',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: folder([...BASE, ...FEATURES]) },
      to: {},
    },
    {
      name: 'common-is-a-leaf',
      severity: 'error',
      from: { path: folder(['common']) },
      to: { path: '^src/', pathNot: folder(['common']) },
    },
    {
      name: 'base-knows-no-feature',
      severity: 'error',
      from: { path: folder(BASE) },
      to: { path: folder(FEATURES), pathNot: AUTH_WORDS },
    },
    ...ORDER.slice(0, -1).map((names, index) => ({
      name: `import-order-${names[0]}`,
      severity: 'error',
      from: { path: folder(names) },
      to: { path: folder(ORDER.slice(index + 1).flat()) },
    })),
    ...ORDER.filter((names) => names.length > 1).map((names) => ({
      name: `neighbours-${names[0]}`,
      comment: 'Features of one rank do not know each other.',
      severity: 'error',
      from: { path: folder(names) },
      to: { path: folder(names), pathNot: '^src/$1/' },
    })),
    {
      name: 'entrances',
      comment: 'A feature is entered by its service, module, facts, decorators and schemas.',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: folder(FEATURES), pathNot: ['^src/$1/', ...ENTRANCES] },
    },
    {
      name: 'entrances-of-the-root',
      severity: 'error',
      from: { path: '^src/[^/]+\\.ts$' },
      to: { path: folder(FEATURES), pathNot: ENTRANCES },
    },
    {
      name: 'sql-in-repositories-only',
      comment: 'Repositories, entities and database/ know SQL. A module only registers its entities.',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: [
          '\\.(repository|entity)\\.ts$',
          folder(['database']),
          // Its lead is an advisory lock that lives as long as a connection of its own.
          '^src/facts/fact-lead\\.ts$',
        ],
      },
      to: { path: '(^|/)node_modules/(typeorm|pg)/' },
    },
    {
      name: 'entities-are-registered-by-modules',
      severity: 'error',
      from: { path: '^src/', pathNot: ['\\.(repository|entity|module)\\.ts$', folder(['database'])] },
      to: { path: '(^|/)node_modules/@nestjs/typeorm/' },
    },
    {
      name: 'controllers-know-services-only',
      severity: 'error',
      from: { path: '\\.(controller|gateway)\\.ts$' },
      to: {
        path: '^src/',
        pathNot: [
          '\\.(service|schemas|decorators|interceptor|filter|messages|rules)\\.ts$',
          folder(['common', 'config']),
          AUTH_WORDS,
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
        pathNot: folder(['database']),
        ...notTypeOnly,
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
          folder(['database', 'config']),
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
