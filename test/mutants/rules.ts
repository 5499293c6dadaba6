import { createHash } from 'node:crypto';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fromTools } from '../support/tools-package.js';

// Plants errors into code that needs no database, one at a time, and looks whether a rules test notices: docs/TESTING.md.

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    parallel: { type: 'string', default: '1' },
    survivors: { type: 'string', default: 'mutants-survived.log' },
  },
});

/** The way of a hold through a replica to those who watch: code with state, which is tested with the rules. */
const ROOMS = [
  'src/inventory/holds/hold-batch.ts',
  'src/inventory/holds/hold-lane.ts',
  'src/inventory/memory/event-memory.ts',
  'src/inventory/memory/inventory-memory.service.ts',
  'src/inventory/memory/seat-fence.service.ts',
  'src/live/backpressure.ts',
  'src/live/live-room.ts',
  'src/live/live-rooms.service.ts',
  'src/live/shared-frame.ts',
];

/** One planted error, as Stryker tells of it; lines and columns count from 1. */
interface Result {
  readonly fileName: string;
  readonly mutatorName: string;
  readonly replacement: string;
  readonly status: string;
  readonly location: { readonly start: Position; readonly end: Position };
}

interface Position {
  readonly line: number;
  readonly column: number;
}

interface Stryker {
  runMutationTest(): Promise<Result[]>;
}

const accepted = new Set(
  (JSON.parse(readFileSync('test/mutants/accepted-rules.json', 'utf8')) as { id: string }[]).map(
    ({ id }) => id,
  ),
);

const files = [...globSync('src/**/*.rules.ts'), ...ROOMS]
  .filter((file) => positionals.length === 0 || positionals.some((word) => file.includes(word)))
  .toSorted();
if (files.length === 0)
  throw new Error(`No file to plant errors in has a path with: ${positionals.join(', ')}`);

const { Stryker } = await fromTools<{ Stryker: new (options: object) => Stryker }>('@stryker-mutator/core');
const results = await new Stryker({
  mutate: files,
  plugins: [fileURLToPath(new URL('rules-runner.js', import.meta.url))],
  testRunner: 'rules',
  coverageAnalysis: 'perTest',
  buildCommand: 'node scripts/build.mjs',
  ignorePatterns: [
    '/dist',
    '/web',
    '/bench',
    '/drill',
    '/tour',
    '/tools',
    '/clients',
    '/deploy',
    '/.evently',
  ],
  disableTypeChecks: false,
  allowEmpty: false,
  concurrency: Number(values.parallel),
  timeoutMS: 10_000,
  // Errors that work while a file is being loaded cost less here than Stryker thinks.
  warnings: { slow: false },
  reporters: ['progress-append-only'],
  logLevel: 'warn',
  fileLogLevel: 'off',
  tempDirName: '.evently/mutants',
  cleanTempDir: 'always',
}).runMutationTest();

/** An id made from the line that the error changes, so that it stays the same while the rest of the file changes. */
const seen = new Map<string, number>();
const told = results.map(({ fileName, mutatorName, replacement, status, location: { start, end } }) => {
  const file = relative(process.cwd(), fileName);
  const lines = readFileSync(file, 'utf8').split('\n');
  const before = lines.slice(start.line - 1, end.line).join('\n');
  const tail = lines[end.line - 1]!.slice(end.column - 1);
  const after = `${lines[start.line - 1]!.slice(0, start.column - 1)}${replacement}${tail}`;
  const key = `${file} ${mutatorName} ${before.trim()} ${after.trim()}`;
  const turn = seen.get(key) ?? 0;
  seen.set(key, turn + 1);
  const id = createHash('sha256').update(`${key} ${turn}`).digest('hex').slice(0, 8);
  const survived = status === 'Survived' || status === 'NoCoverage';
  const how = survived && accepted.has(id) ? 'Accepted' : status;
  return {
    file,
    how,
    text: `${id} ${file}:${start.line} ${mutatorName} ${how}\n  - ${before.trim()}\n  + ${after.trim()}\n`,
  };
});

const count = (rows: typeof told, ...how: string[]) => rows.filter((row) => how.includes(row.how)).length;
const summary = (name: string, rows: typeof told) => {
  const noticed = count(rows, 'Killed', 'Timeout');
  const planted = noticed + count(rows, 'Accepted', 'Survived', 'NoCoverage');
  return (
    `${name}: ${noticed} of ${planted} noticed (${((100 * noticed) / planted).toFixed(1)} %), ` +
    `${count(rows, 'Accepted')} accepted, ${count(rows, 'Survived', 'NoCoverage')} survived`
  );
};
const survivors = told
  .filter(({ how }) => how === 'Survived' || how === 'NoCoverage')
  .map(({ text }) => text);
console.log(survivors.join(''));
writeFileSync(values.survivors, survivors.join(''));
for (const [file, rows] of Map.groupBy(told, (row) => row.file)) console.log(summary(file, rows));
console.log(summary('All', told));
const other = told.filter(({ how }) => how.endsWith('Error'));
for (const { text } of other) console.log(text);
process.exitCode = survivors.length > 0 ? 1 : 0;
