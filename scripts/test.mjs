// Builds, starts one PostgreSQL for the run in a temporary folder, migrates the template that every startApp() clones
// and lets Jest run the test files whose paths contain one of the arguments (all without). Everything from the first
// argument that begins with a dash goes to Jest. The exit code is Jest's.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureTools } from './test-tools.mjs';
import { ensureToolsPackage, toolsProgram } from './tools-package.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const words = process.argv.slice(2);
const firstOption = words.findIndex((word) => word.startsWith('-'));
const filters = firstOption < 0 ? words : words.slice(0, firstOption);
const options = words.slice(filters.length);
const files = readdirSync(join(root, 'test'), { recursive: true })
  .filter((name) => name.endsWith('.test.ts'))
  .filter((name) => filters.length === 0 || filters.some((filter) => name.includes(filter)));
if (files.length === 0) {
  console.error(`No test file has a path that contains: ${filters.join(', ')}`);
  process.exit(1);
}

const built = spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs'), '--if-needed'], {
  stdio: 'inherit',
});
if (built.status !== 0) process.exit(built.status ?? 1);

let runner;
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => {
    interrupted = true;
    runner?.kill(signal);
  });

ensureToolsPackage('the tests');
const { paths: tools, untested } = ensureTools();
// Rules need no database.
const code = files.every((name) => name.startsWith('rules')) ? await runTests({}) : await runOnServer();
if (untested) console.log(untested);
process.exit(interrupted ? 130 : code);

async function runOnServer() {
  const { startEmbedded } = await import('../dist/src/platform/database/embedded-server.js');
  const { migrate } = await import('../dist/src/platform/database/migrate.js');
  const dataDir = mkdtempSync(join(tmpdir(), 'evently-test-'));
  chmodSync(dataDir, 0o755);
  let server;
  try {
    server = await startEmbedded(dataDir);
    await migrate(server.url);
    await closeTemplate(server.url);
    if (interrupted) return 130;
    return await runTests({ DATABASE_URL: server.url, EVENTLY_DATA_DIR: dataDir });
  } finally {
    await server?.stop();
    rmSync(dataDir, { recursive: true, force: true });
    if (server && !server.directory.startsWith(dataDir))
      rmSync(dirname(server.directory), { recursive: true, force: true });
  }
}

/** PostgreSQL refuses to clone a database that anybody is connected to. */
async function closeTemplate(url) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: new URL('/postgres', url).href });
  await client.connect();
  await client.query(`ALTER DATABASE ${new URL(url).pathname.slice(1)} ALLOW_CONNECTIONS false`);
  await client.end();
}

async function runTests(env) {
  const folder = mkdtempSync(join(tmpdir(), 'evently-jest-'));
  const crashes = join(folder, 'crashes');
  const jest = toolsProgram('jest');
  const chosen = filters.length > 0 ? ['--runTestsByPath', ...files.map((name) => join('test', name))] : [];
  runner = spawn(process.execPath, ['--enable-source-maps', jest, ...chosen, ...options], {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      NODE_ENV: 'test',
      EVENTLY_TEST_TOOLS: JSON.stringify(tools),
      EVENTLY_JWT_SECRET: randomBytes(48).toString('base64url'),
      // Every process loads the same thousand files.
      NODE_COMPILE_CACHE: join(root, 'dist', '.compile-cache'),
      EVENTLY_TEST_CRASHES: crashes,
      ...env,
    },
  });
  const status = await new Promise((done) => runner.on('exit', done));
  // Jest starts another worker and says nothing when one crashes between two files.
  const crashed = existsSync(crashes) ? readFileSync(crashes, 'utf8') : '';
  if (crashed) console.error(`FAILED between two files:\n${crashed}`);
  rmSync(folder, { recursive: true });
  return status || (crashed ? 1 : 0);
}
