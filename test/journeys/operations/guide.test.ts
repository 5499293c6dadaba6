import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { matchesShown, readGuide } from '../../documents/guide.js';
import { makeDataFolder } from '../../support/data-folder.js';
import { EventlyProcess, freePort } from '../../support/process.js';
import { fromTools } from '../../support/tools-package.js';

interface Summary {
  run: {
    stats: { assertions: { total: number } };
    failures: { source?: { name: string }; error: Error }[];
    executions: { response?: { code: number; text(): string } }[];
  };
}

interface Newman {
  default: { run: (options: object, done: (error: Error | null, summary: Summary) => void) => void };
}

const END = '%%% end of block %%%';

describe('guides, run against a fresh start', () => {
  let dataDir: string;
  let folder: string;
  let evently: EventlyProcess;
  let port: number;
  let password: string;

  beforeAll(async () => {
    dataDir = makeDataFolder('guide');
    // Below the tree, so that programs of the guide find their packages.
    mkdirSync('dist', { recursive: true });
    folder = mkdtempSync(join('dist', 'guide-'));
    port = await freePort();
    evently = await new EventlyProcess({
      EVENTLY_DATA_DIR: dataDir,
      EVENTLY_DEMO: 'on',
      EVENTLY_WEBHOOK_PRIVATE: 'on',
      PORT: String(port),
    }).ready();
    await evently.prints('of this data folder only');
    // Until then what the demo sells stands among what the guides show.
    await evently.prints('The demo has its sales of two months.');
    password = /password (demo-\S+)/.exec(evently.output)![1]!;
  });
  afterAll(async () => {
    await evently?.end('SIGTERM');
    rmSync(dataDir, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  });

  test('every command of docs/INTEGRATING.md prints what stands under it', async () => {
    const [receiver, shop] = [await freePort(), await freePort()];
    const { files, steps } = readGuide('docs/INTEGRATING.md', (text) =>
      text
        .replaceAll('localhost:8000', `localhost:${port}`)
        .replaceAll(/(?<=localhost:|listen\()9000/g, String(receiver))
        .replaceAll(/(?<=localhost:|= ')3000/g, String(shop))
        .replaceAll('demo-xxxxxxxxxxxx', password),
    );
    for (const [name, body] of Object.entries(files)) writeFileSync(join(folder, name), body);
    const script = steps.map(({ command }) => `${command}\necho; echo '${END}'`).join('\n');
    const done = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', script], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 200_000,
      env: { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}` },
    });
    const printed = done.stdout.split(END);
    const wrong = steps.flatMap(({ command, prints }, at) => {
      const found = printed[at]?.trim();
      if (found !== undefined && (prints === undefined || matchesShown(prints, found))) return [];
      return [`${command}\nprinted:\n${found}\nnot:\n${prints}`];
    });
    assert.ok(wrong.length === 0, `${wrong.join('\n\n')}\n${done.stderr}`);
    assert.ok(steps.length > 10, `${steps.length} blocks`);
  });

  test('the first sale on top of the API pages is one', async () => {
    const answer = await fetch(`http://localhost:${port}/openapi.json`);
    const { info } = (await answer.json()) as { info: { description: string } };
    const script = /```sh\n(.*)\n```/s.exec(info.description)![1]!;
    const { stdout, stderr } = spawnSync(
      'bash',
      ['-e', '-o', 'pipefail', '-c', `${script}\nhead -c 5 tickets.pdf`],
      {
        cwd: folder,
        encoding: 'utf8',
        timeout: 60_000,
        env: { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}` },
      },
    );
    assert.equal(stdout, 'confirmed\n%PDF-', stderr);
    assert.equal(script.match(/^# \d\./gm)?.length, 5);
  });

  test('the Postman collection is green', async () => {
    const { default: newman } = await fromTools<Newman>('newman');
    const summary = await new Promise<Summary>((resolve, reject) =>
      newman.run(
        {
          collection: JSON.parse(readFileSync('docs/evently.postman_collection.json', 'utf8')),
          envVar: [
            { key: 'baseUrl', value: `http://localhost:${port}` },
            { key: 'demoPassword', value: password },
          ],
        },
        (error, done) => (error ? reject(error) : resolve(done)),
      ),
    );
    const { stats, failures, executions } = summary.run;
    const broken = executions.flatMap(({ response }) =>
      response && response.code >= 500 ? [response.text()] : [],
    );
    assert.deepEqual(
      failures.map(({ source, error }) => `${source?.name}: ${error.message}`),
      [],
      broken.join('\n'),
    );
    assert.ok(stats.assertions.total > 40, `${stats.assertions.total} assertions`);
  });
});
