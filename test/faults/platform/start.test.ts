import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import pg from 'pg';
import { type Combination, startCombination, nameOf as startName } from '../../../drill/starts.js';
import { newId } from '../../../src/platform/common/ids.js';
import { makeDataFolder } from '../../support/data-folder.js';
import { postgresOf, watchdogsOf } from '../../support/embedded.js';
import { EventlyProcess, freePort } from '../../support/process.js';
import { until } from '../../support/until.js';

const credentials = { email: 'ada@example.org', password: 'a long enough sentence' };

describe('starting and stopping', () => {
  let dataDir: string;
  let port: number;
  const postmaster = () => join(dataDir, 'postgres', 'postmaster.pid');
  const serverPid = () => Number(readFileSync(postmaster(), 'utf8').split('\n')[0]);
  const started: EventlyProcess[] = [];
  const start = (env: Record<string, string> = {}) => {
    const evently = new EventlyProcess({ EVENTLY_DATA_DIR: dataDir, PORT: String(port), ...env });
    started.push(evently);
    return evently;
  };
  const post = async (path: string, body: unknown) => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return answer.status;
  };
  /** Ends by itself with code 1 and one line that says all of this. */
  const refuses = async (env: Record<string, string>, ...said: (string | RegExp)[]) => {
    const process = start(env);
    assert.equal(await process.end(), 1, process.output);
    const lines = process.output.trim().split('\n');
    for (const words of said)
      assert.match(lines.at(-1) ?? '', words instanceof RegExp ? words : new RegExp(words));
    assert.ok(lines.length <= 2, process.output);
    return lines;
  };

  beforeAll(async () => {
    dataDir = makeDataFolder('start');
    port = await freePort();
  });
  afterAll(async () => {
    await Promise.all(started.map((evently) => evently.end('SIGKILL')));
    if (existsSync(postmaster())) process.kill(serverPid(), 'SIGKILL');
    rmSync(dataDir, { recursive: true, force: true });
  });

  test('the first start makes everything, Ctrl-C ends all of it', async () => {
    const evently = await start().ready();
    assert.equal(await post('/auth/register', { ...credentials, name: 'Ada' }), 201);
    assert.equal(await evently.end('SIGINT'), 0, evently.output);
    assert.ok(!existsSync(postmaster()));
  });

  test('the second start finds its data; of two on one folder the second is refused', async () => {
    const evently = await start().ready();
    assert.equal(await post('/auth/login', credentials), 200);
    await refuses({ PORT: '0' }, 'is running on the data folder', dataDir);
    assert.equal(await evently.end('SIGTERM'), 0, evently.output);
  });

  test('requests under way are answered, and their open connections hold nothing up', async () => {
    const evently = await start({ EVENTLY_RATE_LIMITS: 'off' }).ready();
    const logins = Array.from({ length: 20 }, () => post('/auth/login', credentials));
    const first = await Promise.race(logins);
    const began = Date.now();
    const code = await evently.end('SIGINT');
    assert.deepEqual([first, code], [200, 0], evently.output);
    assert.ok(Date.now() - began < 7_000, 'answers sent during the shutdown kept it open');
    const late = (await Promise.allSettled(logins)).flatMap((login) =>
      'value' in login ? [login.value] : [],
    );
    assert.ok(late.length > 1);
    assert.deepEqual(
      late.filter((status) => status !== 200 && status !== 503),
      [],
    );
  });

  test('a port in use is one line, and nothing is left running', async () => {
    const squatter = createServer().listen(port, '127.0.0.1');
    await once(squatter, 'listening');
    await refuses({}, `Port ${port} is in use`, `PORT=${port + 1} npm start`);
    squatter.close();
    assert.ok(!existsSync(postmaster()));
  });

  test('after a kill the server ends with its owner, though nobody starts again, and what was acknowledged stays', async () => {
    const killed = await start().ready();
    const mail = `${newId()}@example.org`;
    assert.equal(await post('/auth/register', { ...credentials, email: mail, name: 'Bo' }), 201);
    await killed.end('SIGKILL');
    await until(() => postgresOf(dataDir).length === 0, 60_000);
    assert.ok(!existsSync(postmaster()), 'it wrote everything out');
    const evently = await start().ready();
    assert.equal(await post('/auth/login', { ...credentials, email: mail }), 200);
    assert.equal(await evently.end('SIGINT'), 0, evently.output);
    await until(() => postgresOf(dataDir).length === 0, 60_000);
  });

  (process.getuid?.() === 0 ? test : test.skip)(
    'an ordinary account has a watchdog of its own, which ends the server as well',
    async () => {
      const nobody = { uid: 65_534, gid: 65_534 };
      const folder = mkdtempSync(join(tmpdir(), 'evently-ordinary-'));
      chownSync(folder, nobody.uid, nobody.gid);
      const killed = new EventlyProcess({ EVENTLY_DATA_DIR: folder, PORT: '0' }, nobody);
      started.push(killed);
      await killed.ready();
      const [server] = postgresOf(folder);
      assert.ok(server);
      const watchdogs = watchdogsOf(server);
      for (const pid of [server, ...watchdogs]) assert.equal(statSync(`/proc/${pid}`).uid, nobody.uid);
      assert.equal(watchdogs.length, 1);
      await killed.end('SIGKILL');
      await until(() => postgresOf(folder).length === 0, 60_000);
      assert.ok(!existsSync(join(folder, 'postgres', 'postmaster.pid')), 'it wrote everything out');
      rmSync(folder, { recursive: true });
    },
  );

  test('a start right after a kill waits for the server that was left, and ends its own', async () => {
    const killed = await start().ready();
    const left = serverPid();
    const mail = `${newId()}@example.org`;
    assert.equal(await post('/auth/register', { ...credentials, email: mail, name: 'Cy' }), 201);
    await killed.end('SIGKILL');
    const evently = await start().ready();
    assert.notEqual(serverPid(), left);
    assert.equal(await post('/auth/login', { ...credentials, email: mail }), 200);
    assert.equal(await evently.end('SIGINT'), 0, evently.output);
    assert.ok(!existsSync(postmaster()));
  });

  test('a watchdog that is killed is replaced, and without one the next start stops what was left', async () => {
    const evently = await start().ready();
    const [first] = watchdogsOf(serverPid());
    assert.ok(first);
    process.kill(first, 'SIGKILL');
    await until(() => watchdogsOf(serverPid()).some((pid) => pid !== first));
    await evently.end('SIGKILL');
    await until(() => postgresOf(dataDir).length === 0, 60_000);

    const killed = await start().ready();
    const left = serverPid();
    // Neither can do anything about the end of the other.
    killed.signal('SIGSTOP');
    for (const pid of watchdogsOf(left)) process.kill(pid, 'SIGKILL');
    await killed.end('SIGKILL');
    assert.ok(postgresOf(dataDir).includes(left));
    const next = await start().ready();
    assert.notEqual(serverPid(), left);
    assert.equal(await post('/auth/login', credentials), 200);
    assert.equal(await next.end('SIGINT'), 0, next.output);
    assert.deepEqual(postgresOf(dataDir), []);
  });

  test('two first starts at once on one folder: one is ready, the other says so in one line', async () => {
    const folder = makeDataFolder('start');
    const both = [0, 1].map(() => start({ EVENTLY_DATA_DIR: folder, PORT: '0' }));
    const ends = await Promise.allSettled(both.map((evently) => evently.ready()));
    assert.deepEqual(ends.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    const ready = both[ends.findIndex(({ status }) => status === 'fulfilled')]!;
    const other = both.find((evently) => evently !== ready)!;
    assert.equal(await other.end(), 1);
    assert.match(
      other.output,
      /^Starting PostgreSQL \.\.\.\nAnother Evently, .* is running on the data folder .*\n$/,
    );
    assert.equal(await ready.end('SIGINT'), 0, ready.output);
    assert.deepEqual(readdirSync(folder).sort(), [
      'postgres',
      'postgres.json',
      'postgres.log',
      'secrets.json',
    ]);
    rmSync(folder, { recursive: true });
  });

  test('a database folder that is gone is said, and how to start anew', async () => {
    const folder = join(dataDir, 'postgres');
    renameSync(folder, `${folder}.away`);
    await refuses({}, 'is gone', folder, 'put it back', 'delete .*postgres.json to start anew');
    assert.ok(!existsSync(folder));
    renameSync(`${folder}.away`, folder);
  });

  test('after a crash of both, with the process id taken by another program, it starts', async () => {
    const killed = await start().ready();
    const left = serverPid();
    const stale = readFileSync(postmaster(), 'utf8').replace(/^\d+/, String(process.pid));
    await killed.end('SIGKILL');
    process.kill(left, 'SIGKILL');
    writeFileSync(postmaster(), stale);
    const evently = await start().ready();
    assert.equal(await post('/auth/login', credentials), 200);
    assert.equal(await evently.end('SIGINT'), 0, evently.output);
  });

  test('a server that is killed under the running application is started again', async () => {
    const evently = await start().ready();
    process.kill(serverPid(), 'SIGKILL');
    const deadline = Date.now() + 30_000;
    while ((await post('/auth/login', credentials)) !== 200) assert.ok(Date.now() < deadline, evently.output);
    assert.equal(await evently.end('SIGINT'), 0, evently.output);
    assert.ok(!existsSync(postmaster()));
  });

  test('deleted secrets are made anew, also for the database', async () => {
    rmSync(join(dataDir, 'secrets.json'));
    const evently = await start().ready();
    assert.equal(await post('/auth/login', credentials), 200);
    assert.equal(await evently.end('SIGINT'), 0, evently.output);
  });

  test('a signal in the middle of a start ends it all the same', async () => {
    const evently = start();
    await evently.prints('Starting PostgreSQL');
    assert.equal(await evently.end('SIGINT'), 0, evently.output);
    assert.ok(!existsSync(postmaster()));
  });

  test('a damaged database, one of another release and a folder that cannot be used are each one line', async () => {
    const version = join(dataDir, 'postgres', 'PG_VERSION');
    const control = join(dataDir, 'postgres', 'global', 'pg_control');
    writeFileSync(version, '16\n');
    await refuses({}, dataDir, 'PostgreSQL 16', 'brings 18');
    writeFileSync(version, '18\n');
    renameSync(control, `${control}.away`);
    await refuses({}, dataDir, 'could not start', 'pg_control', 'restore the folder');
    renameSync(`${control}.away`, control);
    rmSync(version);
    await refuses({}, dataDir, 'is damaged', 'restore it');
    writeFileSync(version, '18\n');
    const file = join(dataDir, 'file');
    writeFileSync(file, '');
    await refuses({ EVENTLY_DATA_DIR: file }, file, 'cannot be written', 'EVENTLY_DATA_DIR');
    const secrets = readFileSync(join(dataDir, 'secrets.json'));
    truncateSync(join(dataDir, 'secrets.json'));
    await refuses({}, 'secrets.json is damaged');
    writeFileSync(join(dataDir, 'secrets.json'), secrets);
    assert.ok(!existsSync(postmaster()));
  });

  test('in production standard output is JSON, and nothing is taken for granted', async () => {
    await refuses({ NODE_ENV: 'production' }, 'DATABASE_URL is needed in production');
    const evently = await start({ NODE_ENV: 'production', EVENTLY_ALLOW_EMBEDDED: 'on' }).ready();
    assert.equal(await evently.end('SIGTERM'), 0, evently.output);
    const lines = evently.output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    // Mails of the tests before wait in this database, and there is no SMTP server.
    const warnings = lines.filter(
      ({ level, context }) => level !== 'info' && context !== 'MailWorkerService',
    );
    assert.equal(warnings.length, 1, evently.output);
    assert.match(warnings[0].msg, /^Payments go to the sandbox/);
  });

  test('every variable that is wrong is named at once', async () => {
    const wrong = start({ PORT: 'high', EVENTLY_DEMO: 'maybe', DATABASE_URL: 'mysql://x' });
    assert.equal(await wrong.end(), 1);
    const lines = wrong.output.trim().split('\n');
    assert.deepEqual(lines.map((line) => line.split(' ')[0]).sort(), [
      'DATABASE_URL',
      'EVENTLY_DEMO',
      'PORT',
    ]);
  });
});

/** The short form of `npm run drill -- starts`. */
describe('starts as people make them', () => {
  const combinations: Combination[] = [
    { role: 'all', broker: 'down', demo: 'on', on: 'new folder', atOnce: 2 },
    { role: 'api', broker: 'down', demo: 'on', on: 'new DATABASE_URL', atOnce: 2 },
    { role: 'worker', broker: 'down', demo: 'on', on: 'new folder', atOnce: 1 },
  ];
  for (const combination of combinations)
    test(`${startName(combination)}: ready, or one clear line`, async () => {
      const { wrong, ready } = await startCombination(combination, 1, { deadline: 240_000 });
      assert.deepEqual(wrong, []);
      assert.ok(ready > 0);
    });
});

describe('a database given by DATABASE_URL', () => {
  const given = () => new URL(process.env.DATABASE_URL ?? '');
  const refused = async (change: (url: URL) => void, ...said: RegExp[]) => {
    const url = given();
    change(url);
    const evently = new EventlyProcess({ DATABASE_URL: url.href, PORT: '0', EVENTLY_DATA_DIR: tmpFolder });
    assert.equal(await evently.end(), 1);
    const lines = evently.output.trim().split('\n');
    assert.equal(lines.length, 1, evently.output);
    for (const words of said) assert.match(lines[0] ?? '', words);
    assert.ok(!evently.output.includes(given().password), evently.output);
  };
  let tmpFolder: string;
  beforeAll(() => {
    tmpFolder = mkdtempSync(join(tmpdir(), 'evently-start-'));
  });
  afterAll(() => rmSync(tmpFolder, { recursive: true, force: true }));

  test('that cannot be reached, or does not let us in, is one line without the password', async () => {
    const unused = await freePort();
    await refused(
      (url) => Object.assign(url, { port: unused }),
      /DATABASE_URL.*:\d+ cannot be reached: nothing listens/,
    );
    await refused((url) => Object.assign(url, { hostname: 'no-such-host.invalid' }), /no-such-host\.invalid/);
    await refused((url) => Object.assign(url, { password: 'wrong' }), /refuses the password of user evently/);
    await refused((url) => Object.assign(url, { pathname: '/nowhere' }), /no database nowhere: create it/);
  });

  test('is migrated and served', async () => {
    const url = given();
    const name = `test_${newId().replaceAll('-', '')}`;
    const admin = new pg.Client({ connectionString: Object.assign(given(), { pathname: '/postgres' }).href });
    await admin.connect();
    await admin.query(`CREATE DATABASE ${name}`);
    url.pathname = `/${name}`;
    const evently = new EventlyProcess({ DATABASE_URL: url.href, PORT: '0', EVENTLY_DATA_DIR: tmpFolder });
    const { output } = await evently.ready();
    const [, address] = /ready at (\S+)/.exec(output) ?? [];
    assert.equal((await fetch(`${address}/api/v1/health/ready`)).status, 200);
    const status = await (await fetch(`${address}/api/v1/health/status`)).json();
    assert.equal((status as { database: { embedded: boolean } }).database.embedded, false);
    assert.equal(await evently.end('SIGINT'), 0, evently.output);
    await admin.query(`DROP DATABASE ${name}`);
    await admin.end();
  });
});
