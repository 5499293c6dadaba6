import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, test } from '@jest/globals';
import { Remote, type RemoteOutcome } from '../../../src/platform/resilience/remote.js';

function remote(timeoutMs = 200, coolDownMs = 100) {
  const seen = { outcomes: [] as RemoteOutcome[], repeats: 0, open: [] as boolean[] };
  const made = new Remote(
    { timeoutMs, coolDownMs },
    {
      called: (_, outcome) => seen.outcomes.push(outcome),
      repeated: () => seen.repeats++,
      changed: (open) => seen.open.push(open),
    },
  );
  return { made, seen };
}
const down = async (): Promise<never> => {
  throw new Error('down');
};
const never = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));

describe('calls of other systems', () => {
  test('are repeated when they fail, twice at most', async () => {
    const { made, seen } = remote(2_000);
    let calls = 0;
    assert.equal(await made.call('x', async () => (++calls < 3 ? down() : 'fine')), 'fine');
    assert.equal(calls, 3);
    calls = 0;
    await assert.rejects(
      made.call('x', () => {
        calls++;
        return down();
      }),
      /down/,
    );
    assert.equal(calls, 3);
    assert.deepEqual(seen, { outcomes: ['answered', 'failed'], repeats: 4, open: [] });
  });

  test('are not repeated when they run out of time, and end then even if they do not listen', async () => {
    const { made, seen } = remote(100);
    let calls = 0;
    const begin = performance.now();
    for (const work of [never, () => new Promise<never>(() => {})])
      await assert.rejects(
        made.call('x', (signal) => {
          calls++;
          return work(signal);
        }),
      );
    assert.equal(calls, 2);
    const took = performance.now() - begin;
    assert.ok(took > 150 && took < 10_000, `${took} ms`);
    assert.deepEqual(seen.outcomes, ['timed_out', 'timed_out']);
  });

  test('end within their time, repetitions included', async () => {
    const { made } = remote(150);
    const begin = performance.now();
    await assert.rejects(
      made.call('x', async () => {
        await sleep(80);
        return down();
      }),
    );
    assert.ok(performance.now() - begin < 400);
  });

  test('are not made while most fail, until one succeeds', async () => {
    const { made, seen } = remote(200, 150);
    for (let i = 0; i < 10; i++) await assert.rejects(made.call('x', down));
    assert.deepEqual(seen.open, [true]);
    let made11 = 0;
    await assert.rejects(made.call('x', async () => ++made11));
    assert.equal(made11, 0);
    assert.equal(seen.outcomes.at(-1), 'not_asked');
    assert.ok(made.retryAfter > 0 && made.retryAfter <= 0.15);
    await sleep(160);
    assert.equal(made.retryAfter, 0);
    assert.deepEqual(await Promise.all([1, 2, 3].map((n) => made.call('x', async () => n))), [1, 2, 3]);
    assert.deepEqual(seen.open, [true, false]);
  });

  test('go on where one in three fails', async () => {
    const { made, seen } = remote(200);
    for (let i = 0; i < 30; i++)
      if (i % 3 === 0) await assert.rejects(made.call('x', never));
      else await made.call('x', async () => i);
    assert.deepEqual(seen.open, []);
  });
});
