import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import pg from 'pg';
import { explainFailure, StartupError } from '../../../src/platform/common/startup-error.js';
import { readSecrets } from '../../../src/platform/config/secrets.js';
import { checkDatabase } from '../../../src/platform/database/check.js';
import { startEmbedded } from '../../../src/platform/database/embedded-server.js';
import { migrate } from '../../../src/platform/database/migrate.js';
import { makeDataFolder } from '../../support/data-folder.js';
import { postgresOf } from '../../support/embedded.js';
import { SmallDisk } from '../../support/small-disk.js';

const isRoot = process.getuid?.() === 0;

describe('an embedded database that is damaged', () => {
  let dataDir: string;
  /** Files of system tables; of `pg_class` in the database `evently`. */
  const files: Record<string, string> = {};

  beforeAll(async () => {
    dataDir = makeDataFolder('damaged');
    const server = await startEmbedded(dataDir);
    for (const database of ['postgres', 'evently']) {
      const client = new pg.Client({ connectionString: server.url.replace(/\/evently$/, `/${database}`) });
      await client.connect();
      for (const table of [
        'pg_authid',
        'pg_database',
        'pg_class',
        'pg_attribute',
        'pg_proc',
        'pg_namespace',
      ]) {
        const { rows } = await client.query('SELECT pg_relation_filepath($1::regclass) AS path', [table]);
        files[`${database}.${table}`] = rows[0].path;
      }
      await client.end();
    }
    await migrate(server.url);
    await server.stop();
  });
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  /** Runs a start until the application is made. @returns the line that it ends with, or undefined */
  async function startLine(): Promise<string | undefined> {
    let line: string | undefined;
    try {
      const server = await startEmbedded(dataDir);
      try {
        await checkDatabase(server.url, `The database of ${dataDir}`);
        await migrate(server.url);
      } finally {
        await server.stop();
      }
    } catch (error) {
      line = explainFailure(error) ?? `UNFORESEEN ${(error as Error).stack}`;
    }
    assert.deepEqual(postgresOf(dataDir), [], 'no server is left');
    return line;
  }

  const remove = (file: string) => rmSync(file, { recursive: true });
  const empty = (file: string) => writeFileSync(file, '');
  const write = (text: string) => (file: string) => writeFileSync(file, text);
  const garble = (file: string) => writeFileSync(file, Buffer.alloc(statSync(file).size, 0xa5));
  const cutOff = (file: string) => {
    const whole = readFileSync(file);
    writeFileSync(file, whole.subarray(0, whole.length >> 6));
  };
  /** Damages a file or folder of the cluster, starts, and puts back the whole cluster as it was. */
  async function lineAfter(path: string, damage: (file: string) => void): Promise<string | undefined> {
    const kept = `${dataDir}.kept`;
    spawnSync('cp', ['-a', dataDir, kept]);
    damage(join(dataDir, path));
    try {
      return await startLine();
    } finally {
      rmSync(dataDir, { recursive: true });
      renameSync(kept, dataDir);
    }
  }

  const relation = (name: string) => () => join('postgres', files[name]!);
  const cases: [what: string, path: () => string, damage: (file: string) => void, said: RegExp][] = [
    ['PG_VERSION missing', () => 'postgres/PG_VERSION', remove, /damaged \(no PG_VERSION\)/],
    ['PG_VERSION empty', () => 'postgres/PG_VERSION', empty, /was made by PostgreSQL/],
    ['PG_VERSION of another release', () => 'postgres/PG_VERSION', write('16\n'), /PostgreSQL 16.*brings 18/],
    ['pg_control missing', () => 'postgres/global/pg_control', remove, /pg_control/],
    ['pg_control cut off', () => 'postgres/global/pg_control', cutOff, /pg_control|could not read file/],
    ['pg_control garbled', () => 'postgres/global/pg_control', garble, /could not start/],
    [
      'pg_filenode.map garbled',
      () => 'postgres/global/pg_filenode.map',
      garble,
      /relation mapping file|postgres cannot be used/,
    ],
    ['postgresql.conf missing', () => 'postgres/postgresql.conf', remove, /postgresql\.conf/],
    ['postgresql.conf garbled', () => 'postgres/postgresql.conf', write('port = = 3\n'), /postgresql\.conf/],
    ['pg_hba.conf missing', () => 'postgres/pg_hba.conf', remove, /pg_hba\.conf/],
    ['pg_hba.conf empty', () => 'postgres/pg_hba.conf', empty, /pg_hba\.conf/],
    ['write-ahead log missing', () => 'postgres/pg_wal', remove, /could not start/],
    ['commit log missing', () => 'postgres/pg_xact', remove, /pg_xact|transaction/],
    ['all databases missing', () => 'postgres/base', remove, /could not start|cannot be used/],
    ['pg_authid missing', relation('postgres.pg_authid'), remove, /cannot be used: could not open file/],
    ['pg_authid garbled', relation('postgres.pg_authid'), garble, /cannot be used: invalid page/],
    ['pg_database garbled', relation('postgres.pg_database'), garble, /invalid page/],
    ['pg_class missing', relation('postgres.pg_class'), remove, /cannot be used: could not open file/],
    ['pg_class garbled', relation('postgres.pg_class'), garble, /cannot be used: invalid page/],
    ['pg_attribute garbled', relation('postgres.pg_attribute'), garble, /invalid page|cannot be used/],
    ['pg_class of evently missing', relation('evently.pg_class'), remove, /is damaged: could not open file/],
    ['pg_class of evently garbled', relation('evently.pg_class'), garble, /is damaged: invalid page/],
    ['pg_class of evently cut off', relation('evently.pg_class'), cutOff, /damaged|refused/],
    ['pg_namespace of evently garbled', relation('evently.pg_namespace'), garble, /damaged/],
    ['pg_proc of evently garbled', relation('evently.pg_proc'), garble, /damaged/],
    ['secrets empty', () => 'secrets.json', empty, /secrets\.json is damaged/],
    ['database folder missing', () => 'postgres', remove, /is gone .*put it back.*to start anew/],
    [
      'database folder a file',
      () => 'postgres',
      (f) => {
        remove(f);
        empty(f);
      },
      /is damaged/,
    ],
    [
      'postgres.json and folder damaged',
      () => '.',
      (f) => {
        remove(join(f, 'postgres'));
        writeFileSync(join(f, 'postgres.json'), '{');
      },
      /postgres\.json is damaged/,
    ],
  ];
  if (isRoot)
    cases.push(
      ['folder open to everybody', () => 'postgres', (f) => chmodSync(f, 0o777), /invalid permissions/],
      [
        'a file of another account',
        () => 'postgres/global/pg_control',
        (f) => chownSync(f, 0, 0),
        /could not start|Permission denied/,
      ],
    );

  for (const [what, path, damage, said] of cases)
    test(`${what}: one line`, async () => {
      const line = await lineAfter(path(), damage);
      assert.ok(line, 'it started');
      assert.doesNotMatch(line, /\n|UNFORESEEN/);
      assert.match(line, said);
    });

  const harmless: [string, string][] = [
    ['garbage', 'garbage\n\0\0\n'],
    ['nothing', ''],
    ['the process of another program', `${process.pid}\n/nowhere\n0\n1\n\n\n\n`],
  ];
  for (const [what, text] of harmless)
    test(`a postmaster.pid with ${what} keeps nothing from starting`, async () => {
      assert.equal(await lineAfter('postgres/postmaster.pid', write(text)), undefined);
    });

  test('whole again it starts', async () => assert.equal(await startLine(), undefined));

  (SmallDisk.possible ? test : test.skip)(
    'the disk is full: one line that says so, and with room it starts',
    async () => {
      const disk = SmallDisk.mount(120)!;
      const folder = join(disk.folder, 'data');
      try {
        const lineOf = async () => {
          try {
            await (await startEmbedded(folder)).stop();
            return undefined;
          } catch (error) {
            return explainFailure(error) ?? `UNFORESEEN ${(error as Error).stack}`;
          }
        };
        disk.fill();
        assert.match((await lineOf()) ?? '', /^[^\n]*(ENOSPC|no space left|No space left)[^\n]*$/);
        disk.makeRoom();
        // Settled once, then full: a start needs room, if only for what it writes down.
        assert.equal(await lineOf(), undefined);
        disk.fill();
        const line = await lineOf();
        if (line !== undefined) assert.match(line, /^[^\n]*(ENOSPC|[Nn]o space left)[^\n]*$/);
        disk.makeRoom();
        assert.equal(await lineOf(), undefined);
        assert.deepEqual(postgresOf(folder), []);
      } finally {
        disk.unmount();
      }
    },
  );

  test('where a command only reads, it makes no database', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'evently-none-'));
    readSecrets(folder);
    await assert.rejects(
      startEmbedded(folder, { share: true, create: false }),
      (error) =>
        error instanceof StartupError && /^There is no database in the data folder/.test(error.message),
    );
    assert.deepEqual(readdirSync(folder), ['secrets.json']);
    rmSync(folder, { recursive: true });
  });
});
