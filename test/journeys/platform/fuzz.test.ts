import assert from 'node:assert/strict';
import { test } from '@jest/globals';
import { startApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import { Fuzzer } from '../../support/fuzz.js';
import { note } from '../../support/note.js';

test('a thousand requests with one hostile place each: no 500, nothing undocumented, nothing changed by what is refused', async () => {
  const app = await startApp({
    webhooks: { allowPrivate: true },
    inventory: { sweeper: false },
    waitlist: { worker: false },
  });
  try {
    const seed = Number(process.env.FUZZ_SEED ?? 20_261_130);
    note(`FUZZ_SEED=${seed}`);
    const { sent, routes, compared, wrong } = await Fuzzer.run(app, 700, seed);
    assert.deepEqual(wrong, [], `again: FUZZ_SEED=${seed} npm test -- fuzz`);
    assert.ok(
      sent >= 1_000 && routes > 100 && compared > 300,
      `${sent} sent, ${routes} routes, ${compared} compared`,
    );
    await assertAuditClean(app);
  } finally {
    await app.close();
  }
});
