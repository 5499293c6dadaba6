import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { ConsoleLogger, Logger } from '@nestjs/common';
import { SEAT } from '../../../src/platform/common/seat-states.js';
import { FeedTable } from '../../support/feed-table.js';

const { FREE, HELD, BOOKED } = SEAT;

beforeAll(() => Logger.overrideLogger(false));
afterAll(() => Logger.overrideLogger(new ConsoleLogger()));

/** A feed with one event in use, and what the memory has told its listeners. */
async function inUse(...more: string[]) {
  const feed = new FeedTable();
  feed.publish('event', ...more);
  const told: [event: string, ...seqs: number[]][] = [];
  const stop = feed.memory.onChange(({ eventId }, rows) =>
    told.push([eventId, ...rows.map(({ seq }) => seq)]),
  );
  const memory = (await feed.memory.open('event'))!;
  for (const id of more) await feed.memory.open(id);
  feed.calls.length = 0;
  return { feed, service: feed.memory, memory, told, stop };
}

describe('the memory of a replica', () => {
  test('loads an event on first use, once for all who ask meanwhile', async () => {
    const feed = new FeedTable();
    feed.publish('event');
    assert.equal(feed.memory.peek('event'), undefined);
    const [one, two] = await Promise.all([feed.memory.open('event'), feed.memory.open('event')]);
    assert.equal(one, two);
    assert.equal(await feed.memory.open('event'), one);
    assert.equal(feed.memory.peek('event'), one);
    assert.deepEqual(feed.calls, ['load event', 'layout plan']);
    assert.deepEqual(
      [one?.eventId, one?.planId, one?.epoch, one?.seq, one?.count],
      ['event', 'plan', 'epoch', 1, 4],
    );
    const { sections, unnamed, categories, section, category, run, accessible, labels, rows, numbers } =
      one!.seats;
    assert.deepEqual(
      [sections, unnamed, categories, [...section], [...category], [...run], [...accessible]],
      [['West'], 0, ['Stalls'], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 1, 1], [0, 0, 0, 1]],
    );
    assert.deepEqual(
      [labels, rows, numbers],
      [
        ['A-0', 'A-1', 'A-2', 'A-3'],
        ['1', '1', '2', '2'],
        ['0', '1', '2', '3'],
      ],
    );
    feed.publish('other');
    await feed.memory.open('other');
    assert.deepEqual(feed.calls.slice(2), ['load other'], 'the plan is known');
  });

  test('has none of an event that was never published, and asks again', async () => {
    const feed = new FeedTable();
    assert.equal(await feed.memory.open('event'), undefined);
    feed.publish('event');
    assert.equal((await feed.memory.open('event'))?.seq, 1);
  });

  test('learns of the changes of others by one query, which begins after the last who asked', async () => {
    const { feed, service, memory, told } = await inUse('other');
    feed.commit('event', 0, HELD);
    feed.commit('event', 1, BOOKED);
    await service.catchUp();
    assert.deepEqual([memory.seq, memory.state(0), memory.state(1)], [3, HELD, BOOKED]);
    assert.deepEqual(told, [['event', 2, 3]]);
    assert.deepEqual(feed.calls, ['catchUp']);
    let open = (): void => {};
    feed.gate = new Promise((resolve) => {
      open = resolve;
    });
    const first = service.catchUp();
    feed.commit('other', 0, HELD);
    const later = [service.catchUp(), service.catchUp()];
    open();
    await Promise.all([first, ...later]);
    assert.equal(service.peek('other')!.seq, 2);
    assert.deepEqual(feed.calls, ['catchUp', 'catchUp', 'catchUp']);
  });

  test('hears the clock of the database', async () => {
    const { feed, service } = await inUse();
    await service.catchUp();
    assert.ok(Math.abs(service.now() - feed.now) < 500);
    service.heardClock(42_000);
    assert.ok(Math.abs(service.now() - 42_000) < 500);
  });

  test('takes the rows that its own change brought, and skips them when the feed brings them again', async () => {
    const { feed, service, memory, told } = await inUse();
    const row = feed.commit('event', 2, HELD);
    await service.apply('event', [row], 2);
    await service.apply('event', [row], 2);
    await service.catchUp();
    assert.deepEqual([memory.seq, told], [2, [['event', 2]]]);
    const raw = feed.commit('event', 2, FREE);
    await service.learn('event', { seq: 3, rows: [[3, [...raw.changes], [], null, 1]] });
    assert.deepEqual([memory.seq, memory.state(2), feed.calls], [3, FREE, ['catchUp']]);
    await service.learn('event', {});
    await service.learn('unknown', { seq: 9, rows: null });
    await service.apply('event', null, 3);
    assert.deepEqual([feed.calls, told.length], [['catchUp'], 2], 'nothing is new');
  });

  test('tells only of rows that were new', async () => {
    const { feed, service, told } = await inUse();
    const rows = [feed.commit('event', 0, HELD), feed.commit('event', 1, HELD)];
    await service.apply('event', rows.slice(0, 1), 2);
    await service.apply('event', rows, 3);
    assert.deepEqual(told, [
      ['event', 2],
      ['event', 3],
    ]);
  });

  test('loads anew what it cannot follow: too many rows, a gap, rows that end too early', async () => {
    const { feed, service, told } = await inUse();
    for (let i = 0; i < 6; i++) feed.commit('event', 0, i % 2);
    await service.catchUp();
    assert.deepEqual(
      [service.peek('event')!.seq, told, feed.calls],
      [7, [['event']], ['catchUp', 'load event']],
    );
    const [, second] = [feed.commit('event', 1, HELD), feed.commit('event', 2, HELD)];
    await service.apply('event', [second], 9);
    assert.equal(service.peek('event')!.state(1), HELD);
    const early = feed.commit('event', 1, FREE);
    feed.commit('event', 3, BOOKED);
    await service.apply('event', [early], 11);
    assert.deepEqual([service.peek('event')!.seq, service.peek('event')!.state(3)], [11, BOOKED]);
    await service.learn('event', { seq: 12, rows: null });
    assert.equal(feed.calls.filter((call) => call === 'load event').length, 4);
  });

  test('reads prices again when they have changed', async () => {
    const { feed, service, memory, told } = await inUse();
    feed.commit('event', 0, HELD);
    await service.catchUp();
    assert.deepEqual(feed.calls, ['catchUp']);
    feed.setPrice('event', 2500);
    await service.catchUp();
    assert.deepEqual([memory.categoryPrices, memory.priceVersion], [[2500], 2]);
    assert.deepEqual(feed.calls.slice(1), ['catchUp', 'prices event']);
    assert.deepEqual(told.at(-1), ['event', 3]);
  });

  test('loads everything anew when the database is another one, and only then', async () => {
    const { feed, service, memory, told } = await inUse('other');
    await service.catchUp();
    feed.epoch = 'restored';
    feed.event('event').states[3] = BOOKED;
    await service.catchUp();
    assert.notEqual(service.peek('event'), memory);
    assert.deepEqual([service.peek('event')!.epoch, service.peek('event')!.state(3)], ['restored', BOOKED]);
    assert.deepEqual(told, [['event'], ['other']]);
    assert.deepEqual(feed.calls, ['catchUp', 'catchUp', 'load event', 'load other']);
    await service.catchUp();
    assert.deepEqual(feed.calls.slice(4), ['catchUp']);
  });

  test('tells nobody who has stopped listening', async () => {
    const { feed, service, told, stop } = await inUse();
    stop();
    feed.commit('event', 0, HELD);
    await service.catchUp();
    assert.deepEqual(told, []);
  });

  test('counts how late it heard of the changes of others, not of its own', async () => {
    const { feed, service } = await inUse();
    const count = async () =>
      /evently_feed_lag_seconds_count (\d+)/.exec(await feed.registry.metrics())?.[1] ?? '0';
    await service.catchUp();
    assert.equal(await count(), '0', 'nothing new');
    feed.commit('event', 0, HELD);
    await service.catchUp();
    assert.equal(await count(), '1');
    let open = (): void => {};
    feed.gate = new Promise((resolve) => {
      open = resolve;
    });
    const row = feed.commit('event', 1, HELD);
    const poll = service.catchUp();
    await service.apply('event', [row], row.seq);
    open();
    await poll;
    assert.equal(await count(), '1', 'its batch was quicker than the poll');
    assert.match(await feed.registry.metrics(), /evently_inventory_events 1/);
  });
});

describe('memory that must be fresh', () => {
  test('is as new as the question', async () => {
    const { feed, service, memory } = await inUse();
    feed.commit('event', 0, BOOKED);
    assert.equal((await service.fresh('event'))?.seq, 2);
    assert.deepEqual(feed.calls, ['catchUp']);
    const { asOf } = memory;
    await sleep(2);
    await service.catchUp();
    assert.ok(memory.asOf > asOf, 'a poll without news makes it younger too');
  });

  test('needs no other query when it was loaded for the question', async () => {
    const feed = new FeedTable();
    feed.publish('event');
    assert.equal((await feed.memory.fresh('event'))?.seq, 1);
    assert.deepEqual(feed.calls, ['load event', 'layout plan']);
    assert.equal(await feed.memory.fresh('unknown'), undefined);
    assert.deepEqual(feed.calls.slice(2), ['load unknown']);
  });

  test('is no load that had begun before the question', async () => {
    const feed = new FeedTable();
    feed.publish('event');
    let open = (): void => {};
    feed.gate = new Promise((resolve) => {
      open = resolve;
    });
    const load = feed.memory.open('event');
    await sleep(2);
    feed.commit('event', 0, BOOKED);
    const fresh = feed.memory.fresh('event');
    open();
    await load;
    assert.equal((await fresh)?.state(0), BOOKED);
  });
});

describe('an event that somebody watches', () => {
  test('stays in memory however many others are read, and the others go', async () => {
    const ids = Array.from({ length: 300 }, (_, i) => `e${i}`);
    const { service, memory, feed } = await inUse();
    feed.publish(...ids);
    const [release, again] = [service.pin('event'), service.pin('event')];
    for (const id of ids) await service.open(id);
    assert.equal(service.peek('event'), memory);
    assert.equal(service.peek('e0'), undefined);
    assert.ok(service.peek('e299'));
    release();
    assert.equal(service.peek('event'), memory);
    again();
    assert.equal(service.peek('event'), undefined);
  });

  test('is polled while it is pinned', async () => {
    const { service, feed, told } = await inUse();
    service.pin('event');
    const ids = Array.from({ length: 300 }, (_, i) => `e${i}`);
    feed.publish(...ids);
    for (const id of ids) await service.open(id);
    feed.commit('event', 0, HELD);
    await service.catchUp();
    assert.deepEqual(told, [['event', 2]]);
  });

  test('is loaded again when a load of it has failed', async () => {
    const { service, feed, told } = await inUse();
    service.pin('event');
    feed.fails = true;
    await assert.rejects(service.apply('event', null, 9));
    assert.equal(service.peek('event'), undefined);
    await assert.rejects(service.catchUp());
    feed.fails = false;
    feed.commit('event', 0, HELD);
    await service.catchUp();
    assert.equal(service.peek('event')?.seq, 2);
    assert.deepEqual(told, [['event']]);
  });

  test('that is not there yet is known once it is loaded', async () => {
    const feed = new FeedTable();
    feed.publish('event');
    const release = feed.memory.pin('event');
    assert.equal(feed.memory.peek('event'), undefined);
    const memory = await feed.memory.open('event');
    assert.equal(feed.memory.peek('event'), memory);
    release();
  });
});

describe('the poll of the feed', () => {
  test('begins with the application and ends with it, and goes on after a failure', async () => {
    const { feed, service, memory } = await inUse();
    service.onApplicationBootstrap();
    try {
      feed.fails = true;
      await sleep(300);
      feed.fails = false;
      feed.commit('event', 0, HELD);
      for (let i = 0; i < 100 && memory.seq < 2; i++) await sleep(20);
      assert.equal(memory.seq, 2);
    } finally {
      service.onApplicationShutdown();
    }
    const { length } = feed.calls;
    await sleep(300);
    assert.equal(feed.calls.length, length);
  });

  test('asks nothing while no event is in use', async () => {
    const feed = new FeedTable();
    feed.memory.onApplicationBootstrap();
    await sleep(300);
    feed.memory.onApplicationShutdown();
    assert.deepEqual(feed.calls, []);
  });
});
