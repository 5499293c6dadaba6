import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { describe, test } from '@jest/globals';
import { Registry } from 'prom-client';
import type { ChangeResult, RawFeedRow } from '../../../src/inventory/memory/feed.js';
import type { InventoryMemoryService } from '../../../src/inventory/memory/inventory-memory.service.js';
import { SeatFenceService } from '../../../src/inventory/memory/seat-fence.service.js';
import { SEAT } from '../../../src/platform/common/seat-states.js';
import type { Config } from '../../../src/platform/config/config.js';
import { MetersService } from '../../../src/platform/observability/meters.service.js';
import type { RedisService } from '../../../src/platform/redis/redis.service.js';
import { memoryOf } from '../../support/inventory-memory.js';

const KEY = 'fence:event';

/** Marks as the scripts of the fence keep them in Redis, which may be away, late or another one. */
class Marks {
  configured = true;
  usable = true;
  session = 1;
  answers = true;
  reads = 0;
  readonly kept = new Map<string, { generation: string; seq: number }>();
  /** Called while a read is under way. */
  duringRead = (): void => {};

  script(name: string) {
    return async (keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> => {
      const generation = String(args[0]);
      assert.equal(args[1], 3_600_000);
      if (!this.answers) return undefined;
      if (name === 'fence.read') {
        this.reads++;
        const found = keys.map((key) => {
          const mark = this.kept.get(key) ?? { generation, seq: 0 };
          this.kept.set(key, mark);
          return [mark.generation, String(mark.seq)];
        });
        this.duringRead();
        return found;
      }
      const mark = this.kept.get(keys[0]!);
      if (name === 'fence.renew') this.kept.set(keys[0]!, { generation, seq: 0 });
      else if (!mark) this.kept.set(keys[0]!, { generation, seq: Number(args[2]) });
      else mark.seq = Math.max(mark.seq, Number(args[2]));
      return 1;
    };
  }
}

function fence(memory = memoryOf('00')) {
  const marks = new Marks();
  const registry = new Registry();
  const peek = { memory: memory as ReturnType<typeof memoryOf> | undefined };
  const service = new SeatFenceService(
    marks as unknown as RedisService,
    { peek: () => peek.memory } as unknown as InventoryMemoryService,
    new MetersService(registry, { metrics: 'on' } as unknown as Config),
  );
  const counted = async (name: string): Promise<Record<string, number>> => {
    const text = await registry.metrics();
    const lines = text.matchAll(new RegExp(`^${name}\\{\\w+="(\\w+)"\\} (\\d+)$`, 'gm'));
    return Object.fromEntries([...lines].map(([, label, value]) => [label!, Number(value)]));
  };
  return {
    marks,
    service,
    memory,
    peek,
    agrees: () => service.agrees('event'),
    /** As a poll of the feed does. */
    refresh: () => {
      memory.asOf = performance.now();
    },
    verdicts: () => counted('evently_fence_confirmations_total'),
    raises: () => counted('evently_fence_raises_total'),
  };
}
/** A fence that agrees. */
async function agreeing() {
  const made = fence();
  assert.equal(await made.agrees(), false);
  made.refresh();
  assert.equal(await made.agrees(), true);
  return made;
}
const row = (...states: number[]): RawFeedRow => [11, states.map((state, n) => n * 4 + state), [], null, 1];
const freed: ChangeResult = { outcome: 'ok', seq: 11, rows: [row(SEAT.HELD, SEAT.FREE)] };

describe('the fence agrees with memory', () => {
  test('that was read after the mark began, and is young', async () => {
    const { agrees, refresh, verdicts } = fence();
    assert.equal(await agrees(), false, 'nobody knows what was marked before');
    assert.equal(await agrees(), false, 'memory is older than the mark');
    refresh();
    assert.equal(await agrees(), true);
    assert.deepEqual(await verdicts(), { new_generation: 2, agreed: 1 });
  });

  test('not when it is more than a second old', async () => {
    const { agrees, memory, verdicts } = await agreeing();
    // Fractions would be rounded, in one of forty runs to more than a second.
    memory.asOf = Math.ceil(memory.asOf);
    const clock = mock.method(performance, 'now', () => memory.asOf + 1_000);
    try {
      assert.equal(await agrees(), true);
      clock.mock.mockImplementation(() => memory.asOf + 1_001);
      assert.equal(await agrees(), false);
    } finally {
      clock.mock.restore();
    }
    assert.equal((await verdicts()).old, 1);
  });

  test('not when it lacks the newest seat that was given back, until it has it', async () => {
    const { agrees, service, memory, refresh, marks, verdicts } = await agreeing();
    await service.passed('event', freed);
    assert.equal(marks.kept.get(KEY)!.seq, 11);
    assert.equal(await agrees(), false);
    assert.equal((await verdicts()).behind, 1);
    memory.seq = 11;
    refresh();
    assert.equal(await agrees(), true);
  });

  test('not when there is no memory, no Redis or no answer of it', async () => {
    const { service, agrees, marks, peek, memory, verdicts } = await agreeing();
    peek.memory = undefined;
    assert.equal(await agrees(), false);
    peek.memory = memory;
    marks.answers = false;
    assert.equal(await agrees(), false);
    marks.answers = true;
    marks.usable = false;
    const { reads } = marks;
    assert.equal(await agrees(), false);
    assert.equal(marks.reads, reads, 'not asked');
    assert.equal((await verdicts()).unanswered, 3);
    marks.usable = true;
    marks.configured = false;
    assert.equal(await service.agrees('event'), false);
    assert.equal(marks.reads, reads);
  });

  test('not after a restart of Redis that has lost marks, before memory was read anew', async () => {
    const { agrees, marks, refresh } = await agreeing();
    refresh();
    marks.kept.clear();
    assert.equal(await agrees(), false, 'another generation');
    assert.equal(await agrees(), false, 'the same memory');
    refresh();
    assert.equal(await agrees(), true);
  });

  test('not after a restart of Redis that came back with older marks, before memory was read anew', async () => {
    const { agrees, service, marks, memory, refresh } = await agreeing();
    const older = { ...marks.kept.get(KEY)! };
    await service.passed('event', freed);
    marks.kept.set(KEY, older);
    marks.session++;
    refresh();
    assert.equal(memory.seq, 10, 'which lacks the seat that was given back');
    assert.equal(await agrees(), false, 'the same generation, by another connection');
    assert.equal(await agrees(), false);
    refresh();
    assert.equal(await agrees(), true);
  });

  test('not by an answer that began before the connection was lost', async () => {
    const { agrees, marks } = await agreeing();
    marks.duringRead = () => marks.session++;
    assert.equal(await agrees(), false);
  });

  test('of several events by one read', async () => {
    const { service, marks } = await agreeing();
    marks.reads = 0;
    const first = service.agrees('event');
    await Promise.all([first, service.agrees('other'), service.agrees('event')]);
    assert.equal(marks.reads, 2, 'the first, and all that came meanwhile');
    assert.deepEqual([...marks.kept.keys()], [KEY, 'fence:other']);
  });
});

describe('a change that is acknowledged', () => {
  test('raises the mark when it may have freed a seat', async () => {
    const { service, marks, raises } = await agreeing();
    const mark = () => marks.kept.get(KEY)!.seq;
    await service.passed('event', { ...freed, rows: [row(SEAT.HELD, SEAT.BOOKED, SEAT.BLOCKED)] });
    assert.equal(mark(), 0, 'it only took seats');
    await service.passed('event', { ...freed, rows: [row(SEAT.HELD), row(SEAT.FREE)] });
    assert.equal(mark(), 11);
    await service.passed('event', { ...freed, seq: 9 });
    assert.equal(mark(), 11, 'never lower');
    await service.passed('event', { ...freed, seq: 12, rows: [] });
    assert.equal(mark(), 12, 'no row says what it changed');
    await service.passed('event', { ...freed, seq: 13, rows: null });
    assert.equal(mark(), 13);
    await service.passed('event', { outcome: 'ok', seq: 14 });
    assert.equal(mark(), 14);
    assert.deepEqual(await raises(), { raised: 5, failed: 0 });
  });

  test('begins another generation when nobody knows its seq any more', async () => {
    const { service, agrees, marks, refresh } = await agreeing();
    const before = marks.kept.get(KEY)!.generation;
    await service.passed('event', { outcome: 'ok' });
    assert.notEqual(marks.kept.get(KEY)!.generation, before);
    refresh();
    assert.equal(await agrees(), false);
  });

  test('asks nothing of a Redis that is not there', async () => {
    const { service, marks, raises } = fence();
    marks.configured = false;
    await service.passed('event', freed);
    assert.deepEqual([marks.kept.size, await raises()], [0, { raised: 0, failed: 0 }]);
  });

  test('waits, where the mark cannot be raised, until no memory that lacks it is believed', async () => {
    const { service, marks, raises } = await agreeing();
    marks.answers = false;
    const began = performance.now();
    await service.passed('event', freed);
    const took = performance.now() - began;
    assert.ok(took > 990 && took < 10_000, `${took} ms`);
    assert.deepEqual(await raises(), { raised: 0, failed: 1 });
  });
});
