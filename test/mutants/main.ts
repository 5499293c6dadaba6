import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startEmbedded } from '../../src/platform/database/embedded-server.js';
import { expand } from '../../src/platform/database/functions.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { LETTERS } from '../../src/platform/database/migrations/1700000025200-search.js';
import { poolTarget } from '../../src/platform/database/primary.js';
import { checks } from '../support/sql/checks.js';
import { type Check, runCheck } from '../support/sql/sale.js';
import { type Mutant, mutantsOf } from './operators.js';

// Plants errors into the newest version of each SQL function, one at a time, and looks whether a check notices: docs/TESTING.md.

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    count: { type: 'string' },
    parallel: { type: 'string', default: '2' },
    survivors: { type: 'string', default: 'mutants-survived.log' },
  },
});

interface Fn {
  readonly name: string;
  readonly text: string;
}

interface Result {
  readonly fn: string;
  readonly mutant: Mutant;
  readonly how: 'killed' | 'timed out' | 'survived' | 'invalid' | 'accepted';
}

const root = process.cwd();

/** Values that migrations give to constants of single functions; the collation is that of the embedded server. */
const VALUES = {
  ...LETTERS,
  COLLATION: 'pg_unicode_fast',
  SALT: `(SELECT string_agg(salt, '') FROM feed_salt)`,
};

const accepted = new Map(
  (
    JSON.parse(readFileSync(join(root, 'test/mutants/accepted.json'), 'utf8')) as {
      id: string;
      reason: string;
    }[]
  ).map((entry) => [entry.id, entry.reason]),
);

/** Every function that no file with a higher number replaces. */
function newestFunctions(): Fn[] {
  const folder = join(root, 'src/platform/database/functions');
  const newest = new Map<string, { version: number; fn: Fn }>();
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((found) => found.endsWith('.sql'))
    .sort()) {
    const name = basename(path, '.sql');
    const [, stem = name, version = '0'] = /^(.*)_v(\d+)$/.exec(name) ?? [];
    if (Number(version) >= (newest.get(stem)?.version ?? 0))
      newest.set(stem, {
        version: Number(version),
        fn: { name, text: readFileSync(join(folder, path), 'utf8') },
      });
  }
  return [...newest.values()].map(({ fn }) => fn);
}

/** Checks that call a function, the quickest first. */
type Reach = Map<string, Check[]>;

/** Tracked calls, and those that PostgreSQL writes into their callers (plain SQL functions), which it does not count. */
async function reachOf(db: pg.Client, functions: readonly Fn[]): Promise<Reach> {
  const reach = new Map<string, Set<Check>>(functions.map(({ name }) => [name, new Set()]));
  const cost = new Map<Check, number>();
  await db.query(`SET track_functions = 'all'`);
  for (const check of Object.values(checks).flat()) {
    const begun = performance.now();
    await runCheck(db, {
      ...check,
      run: async (sale) => {
        await check.run(sale);
        const called = 'SELECT funcname AS name FROM pg_stat_xact_user_functions';
        for (const { name } of await sale.rows<{ name: string }>(called)) reach.get(name)?.add(check);
      },
    });
    cost.set(check, performance.now() - begun);
  }
  await db.query('RESET track_functions');
  for (const { name } of functions.filter((fn) => reach.get(fn.name)!.size === 0))
    for (const caller of functions.filter(({ text }) => text.includes(`${name}(`)))
      for (const check of reach.get(caller.name)!) reach.get(name)!.add(check);
  return new Map(
    [...reach].map(([name, found]) => [name, [...found].toSorted((a, b) => cost.get(a)! - cost.get(b)!)]),
  );
}

async function attempt(db: pg.Client, reach: Reach, fn: string, mutant: Mutant): Promise<Result['how']> {
  const sql = expand(mutant.sql, VALUES);
  const queue = reach.get(fn)!;
  for (const check of queue)
    try {
      await runCheck(db, check, async () => {
        await db.query(sql);
      });
    } catch (error) {
      const code = error instanceof pg.DatabaseError ? (error.code ?? '') : '';
      // An error that every run of the function would show is none that a test has to look for.
      if (code.startsWith('42')) return 'invalid';
      // It may notice the next one, too.
      reach.set(fn, [check, ...queue.filter((other) => other !== check)]);
      return code === '57014' ? 'timed out' : 'killed';
    }
  return accepted.has(mutant.id) ? 'accepted' : 'survived';
}

async function connect(url: string, database?: string): Promise<pg.Client> {
  const target = new URL(url);
  if (database) target.pathname = `/${database}`;
  const db = new pg.Client(poolTarget(target.href));
  await db.connect();
  return db;
}

async function run(url: string): Promise<Result[]> {
  const functions = newestFunctions();
  const db = await connect(url);
  const reach = await reachOf(db, functions);
  await db.end();
  const missed = functions.filter(({ name }) => reach.get(name)!.length === 0).map(({ name }) => name);
  console.log(`No check calls ${missed.length} functions: ${missed.join(', ')}`);
  const planted = functions
    .filter(({ name }) => !missed.includes(name) && (values.only === undefined || name === values.only))
    .flatMap(({ name, text }) => mutantsOf(name, text).map((mutant) => ({ fn: name, mutant })))
    .toSorted((a, b) => (a.mutant.id < b.mutant.id ? -1 : 1));
  const chosen = planted.slice(0, values.count === undefined ? undefined : Number(values.count));
  console.log(`${chosen.length} of ${planted.length} errors`);
  const results: Result[] = [];
  const work = chosen.values();
  const admin = await connect(url, 'postgres');
  // A function is locked while it is changed, so each works in a database of its own.
  const workers = Array.from({ length: Number(values.parallel) }, async (_, i) => {
    await admin.query(`CREATE DATABASE mutants_${i} TEMPLATE ${new URL(url).pathname.slice(1)}`);
    const own = await connect(url, `mutants_${i}`);
    await own.query(`SET statement_timeout = '20s'`);
    for (const { fn, mutant } of work) {
      const how = await attempt(own, reach, fn, mutant);
      results.push({ fn, mutant, how });
      if (how === 'survived')
        console.log(`${mutant.id} ${fn} ${mutant.kind}\n  - ${mutant.before}\n  + ${mutant.after}`);
      if (results.length % 50 === 0) console.log(`${results.length} of ${chosen.length}`);
    }
    await own.end();
  });
  await Promise.all(workers);
  await admin.end();
  return results;
}

const dataDir = mkdtempSync(join(tmpdir(), 'evently-mutants-'));
chmodSync(dataDir, 0o755);
const server = await startEmbedded(dataDir);
try {
  await migrate(server.url);
  const results = await run(server.url);
  const count = (how: Result['how']) => results.filter((result) => result.how === how).length;
  const good = results.length - count('invalid');
  const noticed = count('killed') + count('timed out');
  console.log(
    `${good} errors planted: ${count('killed')} killed, ${count('timed out')} timed out, ${count('accepted')} accepted, ` +
      `${count('survived')} survived; ${((100 * noticed) / good).toFixed(1)} % noticed; ${count('invalid')} were no valid SQL`,
  );
  for (const kind of new Set(results.map(({ mutant }) => mutant.kind))) {
    const own = results.filter(({ mutant, how }) => mutant.kind === kind && how !== 'invalid');
    console.log(
      `  ${kind}: ${own.filter(({ how }) => how === 'killed' || how === 'timed out').length} of ${own.length}`,
    );
  }
  writeFileSync(
    values.survivors,
    results
      .filter(({ how }) => how === 'survived')
      .map(
        ({ fn, mutant }) => `${mutant.id} ${fn} ${mutant.kind}\n  - ${mutant.before}\n  + ${mutant.after}\n`,
      )
      .join(''),
  );
  process.exitCode = count('survived') > 0 ? 1 : 0;
} finally {
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
