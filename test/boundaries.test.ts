import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
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
import { after, before, describe, test } from 'node:test';

const CONFIG = resolve('.dependency-cruiser.cjs');
const rules: string[] = createRequire(CONFIG)(CONFIG).forbidden.map((rule: { name: string }) => rule.name);

/** For every rule: a file and an import in it that breaks the rule. */
const PLANTED: Record<string, [file: string, imported: string]> = {
  'no-cycles': ['venues/a.service.ts', './b.service.js'],
  'every-folder-has-its-place': ['misc/thing.ts', '../common/leaf.js'],
  'common-is-a-leaf': ['common/leaf.ts', '../config/settings.js'],
  'base-knows-no-feature': ['mail/letters.ts', '../venues/late.service.js'],
  'import-order-auth': ['auth/early.service.ts', '../accounts/late.service.js'],
  'import-order-limits': ['limits/early.service.ts', '../accounts/late.service.js'],
  'import-order-accounts': ['accounts/early.service.ts', '../venues/late.service.js'],
  'import-order-venues': ['venues/early.service.ts', '../events/late.service.js'],
  'import-order-events': ['events/early.service.ts', '../bookings/late.service.js'],
  'import-order-inventory': ['inventory/early.service.ts', '../bookings/late.service.js'],
  'import-order-seats': ['seats/early.service.ts', '../bookings/late.service.js'],
  'import-order-bookings': ['bookings/early.service.ts', '../tickets/late.service.js'],
  'import-order-providers': ['providers/early.service.ts', '../checkout/late.service.js'],
  'import-order-payments': ['payments/early.service.ts', '../checkout/late.service.js'],
  'import-order-reconciliation': ['reconciliation/early.service.ts', '../checkout/late.service.js'],
  'import-order-checkout': ['checkout/early.service.ts', '../analytics/late.service.js'],
  'import-order-waitlist': ['analytics/early.service.ts', '../admin/late.service.js'],
  'import-order-live': ['live/early.service.ts', '../admin/late.service.js'],
  'import-order-admin': ['admin/early.service.ts', '../health/late.service.js'],
  'neighbours-payments': ['payments/near.service.ts', '../tickets/late.service.js'],
  'neighbours-checkout': ['checkout/near.service.ts', '../cancellation/late.service.js'],
  'neighbours-waitlist': ['waitlist/near.service.ts', '../analytics/late.service.js'],
  'neighbours-audit': ['health/near.service.ts', '../audit/late.service.js'],
  entrances: ['events/nosy.service.ts', '../venues/secret.repository.js'],
  'entrances-of-the-root': ['root.ts', './venues/secret.repository.js'],
  'sql-in-repositories-only': ['events/raw.service.ts', 'pg'],
  'entities-are-registered-by-modules': ['events/orm.service.ts', '@nestjs/typeorm'],
  'controllers-know-services-only': ['venues/venues.controller.ts', './secret.repository.js'],
  'repositories-only-behind-services': ['venues/busy.repository.ts', './late.service.js'],
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
  const program = resolve('node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [program, '--config', CONFIG, '--output-type', 'json', 'src'],
    { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  assert.equal(stderr, '');
  return JSON.parse(stdout).summary.violations;
}

describe('boundaries', () => {
  let folder: string;
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  before(() => {
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
  after(() => rmSync(folder, { recursive: true, force: true }));

  test('every rule finds the violation planted for it', () => {
    const found = cruise(folder).map(({ rule, from }) => `${rule.name}: ${from}`);
    const missed = rules.filter((rule) => !found.includes(`${rule}: src/${PLANTED[rule]?.[0]}`));
    assert.deepEqual(missed, []);
  });

  test('SQL is written in repositories, entities and database only', () => {
    const sql = /\b(SELECT\s|INSERT INTO\s|UPDATE \w+ SET\s|DELETE FROM\s)/;
    const allowed = /\.(repository|entity)\.ts$|^database\/|^facts\/fact-lead\.ts$|^audit\/invariants\.ts$/;
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    const offenders = files.filter(
      (name) => !allowed.test(name) && sql.test(readFileSync(join('src', name), 'utf8')),
    );
    assert.ok(files.length > 20);
    assert.deepEqual(offenders, []);
  });
});
