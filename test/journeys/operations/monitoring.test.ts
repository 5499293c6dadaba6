import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { startApp, type TestApp } from '../../support/app.js';
import { openSale, plainHall } from '../../support/halls.js';
import { testWith } from '../../support/needing.js';
import { tool } from '../../support/tools.js';

const PROMETHEUS = join('deploy', 'prometheus');
const RULES = readdirSync(join(PROMETHEUS, 'rules')).map((name) => join(PROMETHEUS, 'rules', name));
const DASHBOARD = join('deploy', 'grafana', 'dashboards', 'evently.json');

function promtool(...args: string[]): void {
  const { status, stdout, stderr } = spawnSync(tool('promtool'), args, { encoding: 'utf8' });
  assert.equal(status, 0, stdout + stderr);
}

describe('what watches Evently', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  testWith('promtool')('is accepted by Prometheus, and its alerts fire when they should', () => {
    promtool('check', 'config', join(PROMETHEUS, 'prometheus.yml'));
    promtool('check', 'rules', ...RULES);
    promtool('test', 'rules', join(PROMETHEUS, 'tests', 'alerts.test.yml'));
  });

  test('asks for metrics that there are', async () => {
    const { eventId } = await openSale(app, plainHall(2, 10));
    const [ada] = await app.people(1);
    await ada!.client.post(`/events/${eventId}/holds`, { seats: [3] });
    const { body } = await app.client().get('//metrics');
    const names = new Set(Array.from((body as string).matchAll(/^# TYPE (\S+)/gm), ([, name]) => name!));
    const known = (name: string) => names.has(name) || names.has(name.replace(/_(bucket|sum|count)$/, ''));
    for (const file of [...RULES, DASHBOARD]) {
      const asked = readFileSync(file, 'utf8').match(/\b(evently|nodejs|process)_[a-z0-9_]+\b/g) ?? [];
      assert.ok(asked.length > 5, file);
      assert.deepEqual(
        asked.filter((name) => !known(name)),
        [],
        file,
      );
    }
  });

  test('uses recorded series that are recorded', () => {
    const all = [...RULES, DASHBOARD].map((file) => readFileSync(file, 'utf8')).join('\n');
    const recorded = new Set(Array.from(all.matchAll(/record: (\S+)/g), ([, name]) => name));
    const used = all.match(/evently:[a-z0-9_:]+/g) ?? [];
    assert.ok(used.length > recorded.size);
    assert.deepEqual(
      used.filter((name) => !recorded.has(name)),
      [],
    );
  });

  test('says for every alert what to do', () => {
    const alerts = RULES.flatMap((file) =>
      Array.from(readFileSync(file, 'utf8').matchAll(/alert: (\S+)/g), ([, name]) => name!),
    );
    const runbook = readFileSync(join('docs', 'OPERATIONS.md'), 'utf8');
    assert.ok(alerts.length > 20);
    assert.deepEqual(
      alerts.filter((name) => !runbook.includes(`\n### ${name}\n`)),
      [],
    );
  });

  test('shows nothing twice on the dashboard', () => {
    const { panels } = JSON.parse(readFileSync(DASHBOARD, 'utf8'));
    const ids = panels.map(({ id }: { id: number }) => id);
    assert.equal(new Set(ids).size, ids.length);
    for (const { type, targets } of panels) assert.ok(type === 'row' || targets.length > 0);
  });
});
