import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onOwnServer } from '../support/own-server.js';
import { toolsProgram } from '../support/tools-package.js';

const folder = mkdtempSync(join(tmpdir(), 'evently-api-'));
const openapi = join(folder, 'openapi.json');
const asyncapi = join(folder, 'asyncapi.json');

/** The linters themselves, as anybody would call them on what a start serves. Warnings count. */
const LINTERS: [command: string, ...args: string[]][] = [
  ['redocly', 'lint', openapi, '--config', resolve('redocly.yaml'), '--max-problems', '50'],
  ['spectral', 'lint', openapi, asyncapi, '--ruleset', resolve('.spectral.yaml'), '--fail-severity', 'hint'],
];

try {
  await onOwnServer('error', async () => {
    const { startApp } = await import('../support/app.js');
    const app = await startApp();
    for (const path of [openapi, asyncapi]) {
      const { body } = await app.client().get(`//${path.split('/').at(-1)}`);
      writeFileSync(path, JSON.stringify(body, null, 1));
    }
    await app.close();
  });
  const codes = LINTERS.map(([command, ...args]) => {
    const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
    return spawnSync(process.execPath, [toolsProgram(command), ...args], {
      stdio: 'inherit',
      env,
    }).status;
  });
  process.exitCode = codes.every((code) => code === 0) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
