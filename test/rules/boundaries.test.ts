import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { toolsProgram } from '../support/tools-package.js';

const CONFIG = resolve('.dependency-cruiser.cjs');
interface Rule {
  name: string;
  from: { path: string; pathNot: string & string[] };
}
const forbidden: Rule[] = createRequire(CONFIG)(CONFIG).forbidden;
const rules = forbidden.map(({ name }) => name);
const ruleOf = (name: string) => forbidden.find((rule) => rule.name === name)!;
const namesIn = (pattern: string) => /\(([\w|-]+)\)/.exec(pattern)![1]!.split('|');
/** The areas of one rank. */
const sidewaysOf = (area: string): string[] =>
  forbidden
    .filter(({ name }) => name.startsWith('neighbours-'))
    .map(({ from }) => namesIn(from.path))
    .find((names) => names.includes(area)) ?? [area];

/** For every rule: a file and an import in it that breaks the rule. */
const PLANTED: Record<string, [file: string, imported: string]> = {
  'no-cycles': ['venues/a.service.ts', './b.service.js'],
  'every-area-has-its-place': ['misc/thing.ts', '../platform/common/leaf.js'],
  'every-room-has-its-place': ['auth/misc/thing.ts', '../../platform/common/leaf.js'],
  'rooms-have-no-rooms': ['live/rooms/small/thing.ts', '../../../platform/common/leaf.js'],
  'order-platform': ['platform/mail/letters.ts', '../../venues/late.service.js'],
  'order-house': ['house/early.service.ts', '../venues/late.service.js'],
  'order-images': ['images/early.service.ts', '../auth/tokens/late.service.js'],
  'order-auth': ['auth/tokens/early.service.ts', '../../venues/late.service.js'],
  'order-organisations': ['organisations/early.service.ts', '../venues/late.service.js'],
  'order-venues': ['venues/early.service.ts', '../events/late.service.js'],
  'order-events': ['events/early.service.ts', '../inventory/holds/late.service.js'],
  'order-inventory': ['payments/payments/early.service.ts', '../../bookings/late.service.js'],
  'order-bookings': ['bookings/early.service.ts', '../tickets/late.service.js'],
  'order-tickets': ['tickets/early.service.ts', '../orders/history/late.service.js'],
  'order-orders': ['orders/checkout/early.service.ts', '../../waitlist/late.service.js'],
  'order-waitlist': ['analytics/early.service.ts', '../live/late.service.js'],
  'order-live': ['live/early.service.ts', '../operations/health/late.service.js'],
  'order-operations': ['operations/docs/early.service.ts', '../../cli/late.service.js'],
  'neighbours-inventory': ['payments/payments/near.service.ts', '../../inventory/holds/late.service.js'],
  'neighbours-waitlist': ['waitlist/near.service.ts', '../analytics/late.service.js'],
  'rooms-of-platform-order-common': ['platform/common/leaf.ts', '../config/settings.js'],
  'rooms-of-platform-order-config': ['platform/config/early.ts', '../http/late.js'],
  'rooms-of-platform-order-access': ['platform/http/early.ts', '../observability/late.js'],
  'rooms-of-platform-order-observability': ['platform/observability/early.ts', '../database/late.js'],
  'rooms-of-platform-order-database': ['platform/database/early.ts', '../jobs/late.js'],
  'rooms-of-platform-order-jobs': ['platform/redis/early.ts', '../facts/late.js'],
  'rooms-of-platform-order-facts': ['platform/mail/early.ts', '../cache/late.js'],
  'rooms-of-platform-neighbours-access': ['platform/access/near.ts', '../http/late.js'],
  'rooms-of-platform-neighbours-database': ['platform/resilience/near.ts', '../database/late.js'],
  'rooms-of-platform-neighbours-jobs': ['platform/jobs/near.ts', '../redis/late.js'],
  'rooms-of-platform-neighbours-facts': ['platform/saga/near.ts', '../facts/late.js'],
  'rooms-of-auth-order-access-log': ['auth/access-log/early.service.ts', '../tokens/late.service.js'],
  'rooms-of-auth-order-grants': ['auth/grants/early.service.ts', '../tokens/late.service.js'],
  'rooms-of-auth-order-keys': ['auth/keys/early.service.ts', '../tokens/late.service.js'],
  'rooms-of-auth-order-tokens': ['auth/tokens/hasty.service.ts', '../limits/late.service.js'],
  'rooms-of-auth-order-factors': ['auth/factors/early.service.ts', '../accounts/late.service.js'],
  'rooms-of-auth-order-limits': ['auth/limits/early.service.ts', '../accounts/late.service.js'],
  'rooms-of-auth-order-accounts': ['auth/accounts/early.service.ts', '../identities/late.service.js'],
  'rooms-of-auth-neighbours-factors': ['auth/passkeys/near.service.ts', '../factors/late.service.js'],
  'rooms-of-inventory-order-memory': ['inventory/memory/early.service.ts', '../changes/late.service.js'],
  'rooms-of-inventory-order-holds': ['inventory/holds/early.service.ts', '../seat-map/late.service.js'],
  'rooms-of-inventory-neighbours-holds': ['inventory/changes/near.service.ts', '../holds/late.service.js'],
  'rooms-of-payments-order-providers': ['payments/providers/early.service.ts', '../payments/late.service.js'],
  'rooms-of-payments-order-payments': [
    'payments/payments/hasty.service.ts',
    '../reconciliation/late.service.js',
  ],
  'rooms-of-tickets-order-codes': ['tickets/codes/early.service.ts', '../gates/late.service.js'],
  'rooms-of-tickets-neighbours-documents': ['tickets/gates/near.service.ts', '../documents/late.service.js'],
  'rooms-of-orders-order-checkout': ['orders/cancellation/early.service.ts', '../history/late.service.js'],
  'rooms-of-orders-neighbours-checkout': [
    'orders/checkout/near.service.ts',
    '../cancellation/late.service.js',
  ],
  'rooms-of-notifications-neighbours-notifications': [
    'notifications/webhooks/near.service.ts',
    '../notifications/late.service.js',
  ],
  'rooms-of-operations-order-invariants': [
    'operations/invariants/early.service.ts',
    '../demo/late.service.js',
  ],
  'rooms-of-operations-neighbours-health': ['operations/health/near.service.ts', '../docs/late.service.js'],
  entrances: ['events/nosy.service.ts', '../venues/secret.repository.js'],
  'entrances-of-the-root': ['root.ts', './venues/secret.repository.js'],
  'sql-in-repositories-only': ['events/raw.service.ts', 'pg'],
  'connections-are-made-in-factories': ['platform/redis/other.service.ts', 'ioredis'],
  'entities-are-registered-by-modules': ['events/orm.service.ts', '@nestjs/typeorm'],
  'controllers-know-services-only': ['venues/venues.controller.ts', './secret.repository.js'],
  'repositories-only-behind-services': ['venues/busy.repository.ts', './late.service.js'],
  'http-stays-at-the-edge': ['events/replying.service.ts', 'fastify'],
  'rules-are-pure': ['events/impure.rules.ts', 'node:fs'],
  'src-stands-alone': ['events/tested.service.ts', '../../test/helper.js'],
  'nobody-imports-the-root': ['events/upwards.service.ts', '../other.js'],
  'declared-packages-only': ['events/packaged.service.ts', 'fast-check'],
  resolvable: ['events/lost.service.ts', './nowhere.js'],
};

interface Violation {
  from: string;
  rule: { name: string };
}

function cruise(folder: string): Violation[] {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [toolsProgram('depcruise'), '--config', CONFIG, '--output-type', 'json', 'src'],
    { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  assert.equal(stderr, '');
  return JSON.parse(stdout).summary.violations;
}

/** Files of a folder whose name and text match, by name. */
const filesWith = (text: RegExp, name: RegExp, folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && name.test(file))
    .filter((file) => text.test(readFileSync(join(folder, file), 'utf8')))
    .toSorted();

describe('boundaries', () => {
  let folder: string;
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'evently-boundaries-'));
    for (const name of ['package.json', 'tsconfig.json']) copyFileSync(name, join(folder, name));
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
    const targets = Object.values(PLANTED).flatMap(([file, imported]) =>
      imported.startsWith('.') ? [join('src', dirname(file), imported.replace(/\.js$/, '.ts'))] : [],
    );
    for (const file of targets) if (!file.includes('nowhere')) write(file, 'export const here = 1;\n');
    for (const [file, imported] of Object.values(PLANTED))
      write(join('src', file), `import * as it from '${imported}';\nexport const here = it;\n`);
    write('src/venues/b.service.ts', `import { here } from './a.service.js';\nexport const there = here;\n`);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('every rule finds the violation planted for it', () => {
    const found = cruise(folder).map(({ rule, from }) => `${rule.name}: ${from}`);
    const missed = rules.filter((rule) => !found.includes(`${rule}: src/${PLANTED[rule]?.[0]}`));
    assert.deepEqual(missed, []);
  });

  test('README, ARCHITECTURE and src show the areas and rooms of the rules', () => {
    const areas = namesIn(ruleOf('every-area-has-its-place').from.pathNot);
    const rooms = Object.fromEntries(
      ruleOf('every-room-has-its-place').from.pathNot.map((pattern) => [
        /^\^src\/([a-z]+)\//.exec(pattern)![1]!,
        namesIn(pattern),
      ]),
    );
    const ofRules = areas.map((area) => [area, rooms[area] ?? []] as const);

    const folders = (path: string) =>
      readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
        entry.isDirectory() ? [entry.name] : [],
      );
    assert.deepEqual(folders('src').toSorted(), areas.toSorted());
    for (const [area, names] of ofRules)
      assert.deepEqual(folders(join('src', area)).toSorted(), names.toSorted(), area);

    const [, map] = /## A map of the tree\s+```\nsrc\/\n([\s\S]+?)\n\w+\//.exec(
      readFileSync('README.md', 'utf8'),
    )!;
    const shown: [string, string[]][] = [];
    for (const [, indent, line] of map!.matchAll(/^( {2}| {4})((?:[a-z-]+\/ )*[a-z-]+\/)(?= )/gm)) {
      const names = line!.split(' ').map((name) => name.slice(0, -1));
      if (indent!.length === 2) shown.push(...names.map((name) => [name, []] as [string, string[]]));
      else shown.at(-1)![1].push(...names);
    }
    assert.deepEqual(shown, ofRules);

    const [, picture] = /## The code[\s\S]+?flowchart LR\n([\s\S]+?)```/.exec(
      readFileSync('docs/ARCHITECTURE.md', 'utf8'),
    )!;
    const nodes = new Map(
      [...picture!.matchAll(/^ {2}(\w+)\["(.+)"\]$/gm)].map(([, id, text]) => [id!, text!]),
    );
    const arrows = picture!.match(/^ {2}\w+ --> .+$/gm)!.map((line) => line.trim().split(' --> '));
    assert.deepEqual(arrows, [[...nodes.keys()]]);
    const ranks = areas
      .filter((area) => !sidewaysOf(area).slice(1).includes(area))
      .map((area) => sidewaysOf(area).join(', '));
    assert.deepEqual([...nodes.values()], ranks);
  });

  test('SQL is written in repositories, entities and platform/database only', () => {
    const sql = /\b(SELECT\s|INSERT INTO\s|UPDATE \w+ SET\s|DELETE FROM\s)/;
    const elsewhere =
      /^(?!platform\/(database\/|facts\/fact-lead\.ts$)|operations\/invariants\/invariants\.ts$)(?!.*\.(repository|entity)\.ts$)/;
    write('src/events/sql.service.ts', "export const text = 'SELECT 1';\n");
    assert.deepEqual(filesWith(sql, elsewhere, join(folder, 'src')), ['events/sql.service.ts']);
    assert.deepEqual(filesWith(sql, elsewhere, 'src'), []);
  });

  test('statuses and exceptions of HTTP are unknown to services, repositories, rules and jobs', () => {
    const http = /\b(Http(Status|Code|Exception)|IncomingMessage|ServerResponse|Fastify\w+)\b/;
    const inside = /\.(service|repository|entity|rules|jobs|facts)\.ts$/;
    write('src/events/status.service.ts', "export { HttpStatus } from '@nestjs/common';\n");
    assert.deepEqual(filesWith(http, inside, join(folder, 'src')), ['events/status.service.ts']);
    assert.deepEqual(filesWith(http, inside, 'src'), []);
  });
});

/** Layers by the suffix of a file, whose class ends with the same word. */
const LAYER =
  /([^/]+)\.(controller|service|repository|entity|module|gateway|guard|interceptor|filter|jobs)\.ts$/;

function misnamed(file: string, text: string): string[] {
  const [, stem, layer] = LAYER.exec(file) ?? [];
  if (!layer) return [];
  const wanted = `${stem}${layer}`.replaceAll('-', '').toLowerCase();
  const classes = [...text.matchAll(/^export (?:abstract )?class (\w+)/gm)].map(([, name]) => name!);
  return classes.some((name) => name.toLowerCase() === wanted) ? [] : [`${file}: ${classes.join(', ')}`];
}

/** Names of prepared statements, which are those of metrics and spans as well: what stands before a text of SQL. */
const statements = (text: string): string[] =>
  [...text.matchAll(/'([^'\s]+)',\s*[`'](?=\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH)\s)/g)].map(
    ([, name]) => name!,
  );
const isStatementName = (name: string) => /^[a-z_]+\.[a-z_]+$/.test(name);

describe('names', () => {
  const files = globSync('src/**/*.ts').map((file) => [file, readFileSync(file, 'utf8')] as const);

  test('a file of a layer has the class of its name', () => {
    assert.deepEqual(misnamed('src/a/seat-map.service.ts', 'export class SeatMap {}'), [
      'src/a/seat-map.service.ts: SeatMap',
    ]);
    assert.ok(files.filter(([file]) => LAYER.test(file)).length > 200);
    assert.deepEqual(
      files.flatMap(([file, text]) => misnamed(file, text)),
      [],
    );
  });

  test('a statement is called area.verb', () => {
    const planted = `this.one('hold-find', 'SELECT 1'); db.statement<Row>('find', \`WITH x \`); db.statement('hold.find', 'SELECT 1')`;
    assert.deepEqual(statements(planted).map(isStatementName), [false, false, true]);
    const names = files.flatMap(([, text]) => statements(text));
    assert.ok(names.length > 100, `${names.length} statements`);
    assert.deepEqual(
      names.filter((name) => !isStatementName(name)),
      [],
    );
  });
});
