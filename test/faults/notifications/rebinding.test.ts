import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, test } from '@jest/globals';
import { tool, without } from '../../support/tools.js';

const child = fileURLToPath(new URL('../../support/rebound-child.js', import.meta.url));
const mayNot = process.getuid?.() !== 0 && 'only root can make a network of its own';

describe('webhooks and a name server that changes its mind', () => {
  (without('unshare') || without('ip') || mayNot ? test.skip : test)(
    'reach the address that was checked, and never one inside',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'evently-rebound-'));
      try {
        const resolver = join(folder, 'resolv.conf');
        writeFileSync(resolver, 'nameserver 127.0.0.1\n');
        const setUp = [
          `"${tool('ip')}" link set lo up`,
          `"${tool('ip')}" address add 8.8.4.4/32 dev lo`,
          `mount --bind "${resolver}" /etc/resolv.conf`,
          `exec "${process.execPath}" "${child}"`,
        ].join(' && ');
        const { stdout } = await promisify(execFile)(tool('unshare'), ['-mn', 'sh', '-c', setUp]);
        const { asked, reached, errors } = JSON.parse(stdout) as {
          asked: number;
          reached: Record<string, number>;
          errors: string[];
        };
        assert.equal(asked, 20, 'each message asks once');
        assert.deepEqual(reached, { '8.8.4.4': 15, '127.0.0.1': 0 });
        const refused = errors.filter((error) => error === 'rebound.example.org has no public address');
        assert.equal(refused.length, 5);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );
});
