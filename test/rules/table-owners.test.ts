import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, test } from '@jest/globals';
import { entitiesIn, type Sources, type TableUse, tablesIn, tableUses } from '../support/table-uses.js';

/**
 * Who owns a table: the area or room whose code, or whose area's SQL functions, write it. Nobody else writes it, and only
 * the owner's area reads it, but for the exceptions below. Migrations are left out, since they make the tables.
 */
const OWNERS: Readonly<Record<string, string>> = {
  'platform/database': 'idempotency_key',
  'platform/jobs': 'job',
  'platform/facts': 'fact fact_cursor fact_parked fact_seal',
  'platform/mail': 'mail dev_mail dev_mail_attachment',
  'platform/saga': 'saga saga_step',
  house: 'house organisation_house',
  images: 'image image_file',
  'auth/access-log': 'act act_outcome',
  'auth/grants': 'member',
  'auth/keys': 'api_key',
  'auth/tokens': 'session refresh_token one_time_token',
  'auth/factors': 'second_factor recovery_code identity',
  'auth/passkeys': 'passkey',
  'auth/accounts': 'app_user',
  'auth/identities': 'identity_provider',
  organisations: 'organisation invitation',
  venues: 'venue seating_plan',
  events: 'event event_listing price_tier past_refund_policy',
  // A hold is a booking with its seats, so that both change in one call; `bookings` shows what becomes of it.
  inventory: 'inventory seat area area_kept seat_feed feed_salt booking booking_item',
  'payments/providers': 'sandbox_charge sandbox_refund',
  'payments/payments': 'payment refund',
  'payments/reconciliation': 'reconciled provider_event payment_discrepancy',
  tickets: 'ticket ticket_past_code',
  'tickets/transfers': 'ticket_transfer',
  waitlist: 'waitlist_entry',
  analytics: 'sales_day sales_hour sales_minute sales_place sales_return',
  'notifications/notifications': 'notification notification_preference',
  'notifications/webhooks': 'webhook webhook_delivery webhook_attempt',
  'operations/invariants': 'audit_look',
};

/** Folders and files below `src/`; `SQL/` stands for the folder of SQL functions, and `*` for everybody or every table. */
interface Exception {
  readonly who: string;
  readonly tables: string;
  readonly because: string;
}

/** Writers of others' tables, which they may read as well. */
const WRITERS: readonly Exception[] = [
  {
    who: 'SQL/inventory SQL/orders SQL/payments SQL/tickets SQL/waitlist tickets',
    tables: 'fact',
    because: 'a change and the fact that tells of it are committed together',
  },
  {
    who: 'SQL/auth',
    tables: 'organisation invitation organisation_house',
    because:
      'a role makes an organisation also when a replica gives it whose release knows none; an erased person is invited no more',
  },
  {
    who: 'SQL/inventory SQL/orders SQL/tickets SQL/waitlist',
    tables: 'idempotency_key',
    because: 'the key of a call is claimed, and let go, in the transaction that does what was asked',
  },
  {
    who: 'SQL/orders',
    tables: 'payment refund',
    because: 'a booking and its money change in one commit; README.md of the functions says how',
  },
  {
    who: 'SQL/waitlist',
    tables: 'inventory seat area area_kept booking booking_item',
    because: 'an offer holds seats that were kept for the line, in one commit',
  },
  {
    who: 'inventory/changes',
    tables: 'event_listing',
    because: 'lists of events show how many places are free, which only a count of the seats can tell',
  },
  {
    who: 'operations/demo',
    tables:
      'fact fact_cursor event booking waitlist_entry payment refund ticket sandbox_charge sandbox_refund',
    because: 'what the services have just made for the demo is put into the past; nothing else is ever moved',
  },
  {
    who: 'platform/database/backup',
    tables: 'fact fact_cursor feed_salt',
    because:
      'restored facts get other transaction ids, and browsers must not take the feed for the one before',
  },
];

const READERS: readonly Exception[] = [
  // Readers of everything.
  {
    who: 'operations/invariants',
    tables: '*',
    because: 'an invariant compares what several areas have written, and changes nothing',
  },
  {
    who: 'orders/history',
    tables: '*',
    because: 'what facts tell is compared with the rows of all areas that wrote them',
  },
  {
    who: 'operations/audit-log',
    tables: 'act act_outcome app_user api_key refund payment booking saga event venue',
    because: 'an act keeps ids only; who and what they are is said by their tables, while they are there',
  },
  { who: 'operations/overview', tables: 'booking', because: 'the last hours of all events are one count' },
  { who: 'operations/demo', tables: 'fact_seal', because: 'facts that are sealed stay where they are' },
  // Read by everybody.
  { who: '*', tables: 'fact', because: 'facts are written to be read by others' },
  {
    who: 'SQL/auth',
    tables: 'event venue webhook booking payment refund saga',
    because: 'an act is kept with the event and organisation that the id in its path leads to',
  },
  // In the order of the areas: who comes later reads the tables of earlier ones, where a call for each row would be slow.
  {
    who: 'auth/accounts',
    tables: 'organisation event',
    because:
      'nobody leaves an organisation without an owner that has events on sale or members, so both are locked and counted',
  },
  {
    who: 'auth/grants',
    tables: 'organisation',
    because: 'whether an organisation demands a second factor is read with its memberships, in one statement',
  },
  {
    who: 'auth/identities',
    tables: 'organisation',
    because: 'the login page of an organisation says whose it is',
  },
  {
    who: 'organisations',
    tables: 'event',
    because: 'rights may be for single events, which must be those of the organisation',
  },
  {
    who: 'events',
    tables: 'member venue seating_plan',
    because: 'an event needs an owner, a venue and a plan, which are locked while it is written',
  },
  { who: 'SQL/events', tables: 'venue', because: 'events are found by the names of their venues' },
  {
    who: 'inventory',
    tables: 'event price_tier',
    because: 'a sale opens with what the event says, and goes by its prices',
  },
  { who: 'SQL/inventory', tables: 'price_tier', because: 'a hold is priced in the call that makes it' },
  {
    who: 'inventory/holds',
    tables: 'idempotency_key',
    because: 'a hold that was made before is answered before its seats are looked at',
  },
  { who: 'SQL/payments', tables: 'saga', because: 'of a goodwill refund only its saga says who granted it' },
  {
    who: 'payments/providers SQL/payments',
    tables: 'event',
    because:
      'payments of a sandbox event move no money, also those of a replica that does not know of such events',
  },
  {
    who: 'bookings',
    tables: 'event booking booking_item payment refund',
    because: 'a list of bookings shows their items and their money in one statement',
  },
  {
    who: 'tickets',
    tables: 'event venue booking booking_item feed_salt',
    because: 'a ticket shows its place and its event, and is valid while its item is sold',
  },
  {
    who: 'SQL/tickets',
    tables: 'event booking_item',
    because: 'a gate lets in only what is sold while it looks',
  },
  {
    who: 'SQL/orders',
    tables: 'inventory booking booking_item saga',
    because: 'the sale is locked and looked at before money moves, and whoever lost the saga is refused',
  },
  {
    who: 'orders/cancellation',
    tables: 'booking booking_item refund',
    because: 'the progress of a cancelled event is what was sold, against what was given back',
  },
  {
    who: 'waitlist',
    tables: 'inventory area area_kept booking booking_item',
    because: 'the matcher plans offers without the lock, from what is free and what is kept',
  },
  {
    who: 'analytics',
    tables: 'event seat area refund',
    because: 'a figure needs the currency and zone of its event, the size of its hall, the cause of a refund',
  },
  {
    who: 'notifications/notifications',
    tables: 'app_user event booking booking_item ticket',
    because: 'the audience of a notification is found in one statement, thousands at a time',
  },
  {
    who: 'notifications/webhooks',
    tables: 'event',
    because: 'a fact about an event goes to the systems of its organizer',
  },
  // Against the order of the areas: something earlier must not go while something later needs it.
  { who: 'venues', tables: 'event', because: 'the plan of an event on sale cannot be deleted' },
  { who: 'platform/saga', tables: 'refund', because: 'a saga is kept with the refund that names it' },
  { who: 'SQL/platform', tables: 'payment', because: 'the key of a payment that failed is free again' },
];

/** Statements that get the name of their table from elsewhere, so that this test cannot read it. */
const NAMELESS: readonly Exception[] = [
  {
    who: 'platform/database/backup',
    tables: '?',
    because: 'a backup takes every table that there is, and a restore fills it',
  },
  {
    who: 'auth/accounts/personal-data.repository.ts',
    tables: '?',
    because: 'an export has all rows about a person, of whatever table',
  },
  { who: 'events/listings.repository.ts', tables: '?', because: 'only some lists need `event_listing`' },
  { who: 'waitlist/entries.repository.ts', tables: '?', because: 'entries of the past are counted twice' },
  { who: 'analytics/rollups.repository.ts', tables: '?', because: 'one statement fills all rollups' },
];

interface Rules {
  readonly owners: Readonly<Record<string, string>>;
  readonly writers: readonly Exception[];
  readonly readers: readonly Exception[];
  readonly nameless: readonly Exception[];
}

const SQL = /^platform\/database\/functions\//;
/** A reader of everything that reads less is to name what it reads. */
const EVERYTHING = 6;

const words = (text: string): string[] => text.split(' ');
const within = (file: string, folder: string) => folder === '*' || `${file}/`.startsWith(`${folder}/`);
const areaOf = (path: string): string => path.replace(/^SQL\//, '').split('/')[0]!;

/** An exception for one folder and one table, and the tables for which it was needed. */
interface Grant {
  readonly folder: string;
  readonly table: string;
  readonly uses: Set<string>;
}

const grantsOf = (exceptions: readonly Exception[]): Grant[] =>
  exceptions.flatMap(({ who, tables }) =>
    words(who).flatMap((folder) =>
      words(tables).map((table) => ({ folder, table, uses: new Set<string>() })),
    ),
  );

function allows(grants: readonly Grant[], { file, table }: TableUse): boolean {
  const grant = grants.find(
    (known) => within(file, known.folder) && (known.table === '*' || known.table === table),
  );
  grant?.uses.add(table);
  return grant !== undefined;
}

const isStale = ({ table, uses }: Grant): boolean => uses.size < (table === '*' ? EVERYTHING : 1);

function faults(tables: readonly string[], found: readonly TableUse[], rules: Rules): string[] {
  const ownerOf = new Map(
    Object.entries(rules.owners).flatMap(([owner, owned]) => words(owned).map((table) => [table, owner])),
  );
  const [writers, readers, nameless] = [rules.writers, rules.readers, rules.nameless].map(grantsOf) as [
    Grant[],
    Grant[],
    Grant[],
  ];
  const complaint = (use: TableUse): string[] => {
    const { file, table, writes } = use;
    if (table === '?') return allows(nameless, use) ? [] : [`${file} names no table in a statement`];
    const owner = ownerOf.get(table);
    if (owner === undefined) return [];
    const isAtHome =
      writes && !file.startsWith('SQL/') ? within(file, owner) : areaOf(file) === areaOf(owner);
    if (isAtHome || allows(writers, use) || (!writes && allows(readers, use))) return [];
    return [`${file} ${writes ? 'writes' : 'reads'} ${table}, which belongs to ${owner}`];
  };
  const strange = found.map((use) => ({ ...use, file: use.file.replace(SQL, 'SQL/') })).flatMap(complaint);
  return [
    ...tables.filter((table) => !ownerOf.has(table)).map((table) => `nobody owns the table ${table}`),
    ...[...ownerOf]
      .filter(([table]) => !tables.includes(table!))
      .map(([table, owner]) => `${owner} owns the table ${table}, which no migration creates`),
    ...new Set(strange),
    ...[...writers, ...readers, ...nameless]
      .filter(isStale)
      .map(({ folder, table }) => `no exception is needed for ${folder} and ${table}`),
  ];
}

const read = (file: string) => readFileSync(file, 'utf8');
const MIGRATIONS = 'src/platform/database/migrations/';
const migrations = globSync(`${MIGRATIONS}**/*.ts`).map(read).join('\n');
const sources = Object.fromEntries(
  globSync('src/**/*.{ts,sql}')
    .filter((file) => !file.startsWith(MIGRATIONS))
    .map((file) => [file.slice('src/'.length), read(file)]),
);
const TABLES = tablesIn(migrations);
const ENTITIES = entitiesIn(sources);
const USES = tableUses(sources, ENTITIES);
const RULES: Rules = { owners: OWNERS, writers: WRITERS, readers: READERS, nameless: NAMELESS };

describe('tables belong to areas', () => {
  test('every table has an owner, and is written and read there, or by those with a reason', () => {
    assert.deepEqual(faults(TABLES, USES, RULES), []);
    for (const owner of Object.keys(OWNERS)) assert.ok(existsSync(`src/${owner}`), owner);
  });

  test('what breaks the rule is found', () => {
    const planted = (tables: readonly string[], more: Sources, rules: Partial<Rules> = {}) =>
      faults(tables, [...USES, ...tableUses(more, ENTITIES)], { ...RULES, ...rules });
    const use = (file: string, code: string) => planted(TABLES, { [file]: code });
    const orders = 'platform/database/functions/orders/late_v1.sql';
    assert.deepEqual(use('venues/late.ts', 'db.query(`UPDATE ticket SET gate = $1`)'), [
      'venues/late.ts writes ticket, which belongs to tickets',
    ]);
    assert.deepEqual(use('tickets/late.ts', "const sql = 'DELETE FROM ticket_transfer t';"), [
      'tickets/late.ts writes ticket_transfer, which belongs to tickets/transfers',
    ]);
    assert.deepEqual(use('auth/tokens/late.ts', 'tx.insert(UserEntity, { id })'), [
      'auth/tokens/late.ts writes app_user, which belongs to auth/accounts',
    ]);
    assert.deepEqual(
      use(
        'auth/tokens/late.ts',
        'class A { constructor(private users: Repository<UserEntity>) { this.users.delete(1) } }',
      ),
      ['auth/tokens/late.ts writes app_user, which belongs to auth/accounts'],
    );
    assert.deepEqual(
      use('venues/late.ts', `const sql = \`SELECT \${all} FROM event e, session s WHERE \${some}\`;`),
      ['venues/late.ts reads session, which belongs to auth/tokens'],
    );
    assert.deepEqual(use('live/late.ts', `const PIECE = \`booking b JOIN fact f ON \${same}\`;`), [
      'live/late.ts reads booking, which belongs to inventory',
    ]);
    assert.deepEqual(
      use(orders, "-- reads FROM mail\nINSERT INTO ticket SELECT 'FROM job' FROM (SELECT 1) x;"),
      ['SQL/orders/late_v1.sql writes ticket, which belongs to tickets'],
    );
    assert.deepEqual(use('live/late.ts', `db.query(\`DELETE FROM \${table}\`)`), [
      'live/late.ts names no table in a statement',
    ]);
    assert.deepEqual(planted([...TABLES, 'ghost'], {}), ['nobody owns the table ghost']);
    assert.deepEqual(planted(TABLES, {}, { owners: { ...OWNERS, live: 'ghost' } }), [
      'live owns the table ghost, which no migration creates',
    ]);
    const stale = (who: string, tables: string) => [{ who, tables, because: '' }];
    assert.deepEqual(planted(TABLES, {}, { readers: [...READERS, ...stale('live', 'mail')] }), [
      'no exception is needed for live and mail',
    ]);
    assert.deepEqual(planted(TABLES, {}, { writers: [...WRITERS, ...stale('tickets', 'venue')] }), [
      'no exception is needed for tickets and venue',
    ]);
    assert.deepEqual(planted(TABLES, {}, { readers: [...READERS, ...stale('live', '*')] }), [
      'no exception is needed for live and *',
    ]);
    assert.deepEqual(planted(TABLES, {}, { nameless: [...NAMELESS, ...stale('live', '?')] }), [
      'no exception is needed for live and ?',
    ]);
  });
});
