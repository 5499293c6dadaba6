import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { openCluster } from '../../../src/platform/database/embedded-cluster.js';
import { connectWhenReady, launch } from '../../../src/platform/database/embedded-process.js';
import { type EmbeddedServer, startEmbedded } from '../../../src/platform/database/embedded-server.js';
import { makeDataFolder } from '../../support/data-folder.js';

describe('two starts on one data folder that found the same port free', () => {
  let dataDir: string;
  let quicker: EmbeddedServer;
  let programs: string;

  beforeAll(async () => {
    dataDir = makeDataFolder('race');
    quicker = await startEmbedded(dataDir);
    programs = mkdtempSync(join(tmpdir(), 'evently-programs-'));
    // PostgreSQL's account starts a program from it.
    chmodSync(programs, 0o755);
  });
  afterAll(async () => {
    await quicker.stop();
    for (const folder of [dataDir, programs]) rmSync(folder, { recursive: true, force: true });
  });

  test('the slower one does not take the server of the quicker one for its own', async () => {
    const cluster = await openCluster(dataDir, false);
    const slow = join(programs, 'postgres');
    writeFileSync(slow, `#!/bin/sh\nsleep 1\nexec '${cluster.binaries.postgres}' "$@"\n`, { mode: 0o755 });
    const binaries = { ...cluster.binaries, postgres: slow };
    const late = await launch({ ...cluster, binaries });
    const client = await connectWhenReady(cluster, { ...late, port: Number(new URL(quicker.url).port) });
    await client?.end();
    assert.equal(client, undefined);
    assert.equal(late.hasExited?.(), true);
  });
});
