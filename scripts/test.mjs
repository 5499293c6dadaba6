// Builds, starts one PostgreSQL for the run in a temporary folder, migrates the template that every startApp() clones
// and runs the test files whose names contain one of the arguments (all without). The exit code is node's.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { ensureTools } from './test-tools.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const filters = process.argv.slice(2);

const built = spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs'), '--if-needed'], {
  stdio: 'inherit',
});
if (built.status !== 0) process.exit(built.status ?? 1);

const { paths, untested } = ensureTools();

const { startEmbedded } = await import('../dist/src/database/embedded-server.js');
const { migrate } = await import('../dist/src/database/migrate.js');
const files = readdirSync(join(root, 'dist', 'test'))
  .filter((name) => name.endsWith('.test.js'))
  .filter((name) => filters.length === 0 || filters.some((filter) => name.includes(filter)))
  .map((name) => join(root, 'dist', 'test', name));
if (files.length === 0) {
  console.error(`No test file has a name that contains: ${filters.join(', ')}`);
  process.exit(1);
}

let runner;
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => {
    interrupted = true;
    runner?.kill(signal);
  });

const dataDir = mkdtempSync(join(tmpdir(), 'evently-test-'));
chmodSync(dataDir, 0o755);
let server;
let code = 1;
try {
  server = await startEmbedded(dataDir);
  await carefree(server.url);
  await migrate(server.url);
  if (!interrupted) code = await runTests();
} finally {
  await server?.stop();
  rmSync(dataDir, { recursive: true, force: true });
  if (server && !server.directory.startsWith(dataDir))
    rmSync(dirname(server.directory), { recursive: true, force: true });
}
if (untested) console.log(untested);
process.exit(interrupted ? 130 : code);

/** Processes are killed in tests, the machine is not: nothing has to be on the disk. */
async function carefree(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('ALTER SYSTEM SET fsync = off');
  await client.query('SELECT pg_reload_conf()');
  await client.end();
}

function runTests() {
  const args = ['--enable-source-maps', '--test', '--test-concurrency=2', '--test-timeout=300000'];
  runner = spawn(process.execPath, [...args, '--test-reporter=spec', ...files], {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      NODE_ENV: 'test',
      // A hundred processes load the same thousand files.
      NODE_COMPILE_CACHE: join(root, 'dist', '.compile-cache'),
      DATABASE_URL: server.url,
      EVENTLY_TEST_TOOLS: JSON.stringify(paths),
      EVENTLY_DATA_DIR: dataDir,
      EVENTLY_JWT_SECRET: randomBytes(48).toString('base64url'),
    },
  });
  return new Promise((done) => runner.on('exit', (status) => done(status ?? 1)));
}
