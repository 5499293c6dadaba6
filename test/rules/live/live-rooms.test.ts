import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { ConsoleLogger, Logger } from '@nestjs/common';
import type { EventsService } from '../../../src/events/events.service.js';
import type { FeedRepository } from '../../../src/inventory/seat-map/feed.repository.js';
import { type SeatChanges, SeatStatesService } from '../../../src/inventory/seat-map/seat-states.service.js';
import type { LiveNamespace, WatchAnswer, WatchRequest } from '../../../src/live/live.messages.js';
import { LiveRoomsService } from '../../../src/live/live-rooms.service.js';
import { DomainError } from '../../../src/platform/common/domain-error.js';
import { SEAT } from '../../../src/platform/common/seat-states.js';
import type { Config } from '../../../src/platform/config/config.js';
import { beginRequest, startTracing, within } from '../../../src/platform/observability/tracing.js';
import { Collector } from '../../support/collector.js';
import { FakeSocket } from '../../support/fake-socket.js';
import { FeedTable } from '../../support/feed-table.js';
import { until } from '../../support/until.js';

const { HELD, BOOKED } = SEAT;
const TICK_MS = 10;
const WAIT_MS = 4_000;

beforeAll(() => Logger.overrideLogger(false));
afterAll(() => Logger.overrideLogger(new ConsoleLogger()));

/** The rooms of a replica over a feed of some events. */
function rooms(...events: string[]) {
  const feed = new FeedTable();
  feed.publish(...events);
  const hidden: Pick<EventsService, 'findVisible'> = {
    findVisible: async () => {
      throw new DomainError('not_found');
    },
  };
  const history = {
    /** Seats that the feed knows as touched; undefined where it does not reach back. */
    touched: undefined as { seats: number[]; areas: number[] } | undefined,
    read: async () => history.touched,
  };
  const repository: Pick<FeedRepository, 'touched'> = { touched: () => history.read() };
  const seats = new SeatStatesService(feed.memory, hidden as EventsService, repository as FeedRepository);
  const live = { tickMs: TICK_MS };
  const service = new LiveRoomsService(feed.memory, seats, { live } as unknown as Config, feed.meters);
  service.serve({ name: '/live', sockets: new Map([['one', {}]]) } as unknown as LiveNamespace);
  const watch = async (socket: FakeSocket, request: WatchRequest): Promise<WatchAnswer[]> => {
    const answers: WatchAnswer[] = [];
    await service.watch(socket.socket, request, (answer) => answers.push(answer));
    return answers;
  };
  const commit = async (event: string, n: number, state: number) => {
    const row = feed.commit(event, n, state);
    await feed.memory.apply(event, [row], row.seq);
  };
  const gauge = async (name: string) =>
    Number(new RegExp(`^evently_live_${name} (\\d+)$`, 'm').exec(await feed.registry.metrics())?.[1]);
  return { feed, seats, service, watch, commit, history, gauge, live };
}
const ticks = (count = 6) => sleep(count * TICK_MS);
const seen = ({ read }: FakeSocket) =>
  read.map(([message, { from, to, eventId }]) => [message, eventId, from, to]);

describe('watching an event', () => {
  test('begins with its state; frames follow without a gap, as many changes in one as a tick brings', async () => {
    const { watch, commit, service, gauge } = rooms('a', 'b');
    const [one, two] = [new FakeSocket(), new FakeSocket()];
    const [answer] = await watch(one, { eventId: 'a' });
    assert.ok('snapshot' in answer! && answer.ok);
    assert.deepEqual([answer.snapshot.eventId, answer.snapshot.seq], ['a', 1]);
    await watch(two, { eventId: 'b' });
    await commit('a', 0, HELD);
    await commit('a', 1, HELD);
    assert.deepEqual(seen(one), [], 'not before the tick');
    await ticks();
    await commit('a', 0, BOOKED);
    await ticks();
    assert.deepEqual(seen(one), [
      ['seats.changed', 'a', 1, 3],
      ['seats.changed', 'a', 3, 4],
    ]);
    assert.deepEqual(seen(two), []);
    assert.deepEqual(
      [
        await gauge('rooms'),
        await gauge('watchers'),
        await gauge('lagging_watchers'),
        await gauge('sockets'),
      ],
      [2, 2, 0, 1],
    );
    assert.deepEqual([await gauge('frames_total'), await gauge('deliveries_total')], [2, 2]);
    service.onApplicationShutdown();
  });

  test('goes on where a client was, with what has changed since', async () => {
    const { watch, commit, service } = rooms('a');
    const first = new FakeSocket();
    await watch(first, { eventId: 'a' });
    await commit('a', 2, HELD);
    const later = new FakeSocket();
    const [answer] = await watch(later, { eventId: 'a', since: 1, epoch: 'epoch' });
    assert.ok('changes' in answer! && answer.ok);
    assert.deepEqual([answer.changes.from, answer.changes.to, answer.changes.changes], [1, 2, [[2, HELD]]]);
    await ticks();
    assert.deepEqual(seen(later), [['seats.changed', 'a', 1, 2]].slice(0, seen(later).length));
    await commit('a', 3, HELD);
    await ticks();
    assert.deepEqual(seen(later).at(-1), ['seats.changed', 'a', 2, 3]);
    service.onApplicationShutdown();
  });

  test('begins with the newest state when the event is loaded anew meanwhile', async () => {
    const { watch, commit, service, seats, feed } = rooms('a');
    const open = seats.open.bind(seats);
    seats.open = async (...asked) => {
      const memory = await open(...asked);
      const { seq } = feed.commit('a', 0, HELD);
      await feed.memory.apply('a', null, seq);
      return memory;
    };
    const one = new FakeSocket();
    const [answer] = await watch(one, { eventId: 'a' });
    assert.ok('snapshot' in answer!);
    assert.equal(answer.snapshot.seq, 2);
    await commit('a', 1, HELD);
    await until(() => one.read.length > 0, WAIT_MS);
    assert.deepEqual(seen(one), [['seats.changed', 'a', 2, 3]]);
    service.onApplicationShutdown();
  });

  test('misses nothing of what was sent to others meanwhile', async () => {
    const { watch, commit, service, seats } = rooms('a');
    const other = new FakeSocket();
    await watch(other, { eventId: 'a' });
    const read = seats.changes.bind(seats);
    seats.changes = async (...asked) => {
      const changes = await read(...asked);
      await commit('a', 0, HELD);
      await until(() => other.read.length > 0, WAIT_MS);
      return changes;
    };
    const later = new FakeSocket();
    const [answer] = await watch(later, { eventId: 'a', since: 1 });
    assert.ok('changes' in answer!);
    assert.equal(answer.changes.to, 1);
    await until(() => later.emitted.length > 0, WAIT_MS);
    assert.deepEqual(
      later.emitted.map(([message, frame]) => [
        message,
        (frame as SeatChanges).from,
        (frame as SeatChanges).to,
      ]),
      [['seats.changed', 1, 2]],
    );
    service.onApplicationShutdown();
  });

  test('concerns nobody else', async () => {
    const { watch, commit, service, feed } = rooms('a', 'b');
    await watch(new FakeSocket(), { eventId: 'a' });
    await feed.memory.open('b');
    await commit('b', 0, HELD);
    service.unwatch(new FakeSocket().socket, 'a');
    service.unwatch(new FakeSocket().socket, 'b');
    service.onApplicationShutdown();
  });

  test('begins no tick while nothing happens', async () => {
    const { watch, commit, service, live } = rooms('a');
    live.tickMs = TICK_MS + 1;
    const timers = mock.method(globalThis, 'setTimeout');
    const begun = () => timers.mock.calls.filter(({ arguments: [, ms] }) => ms === live.tickMs).length;
    const one = new FakeSocket();
    try {
      await watch(one, { eventId: 'a' });
      assert.equal(begun(), 0);
      await commit('a', 0, HELD);
      await until(() => one.read.length > 0, WAIT_MS);
      await ticks();
      assert.equal(begun(), 1);
    } finally {
      timers.mock.restore();
    }
    service.onApplicationShutdown();
  });

  test('begins with the state where the feed does not reach back, or in another history', async () => {
    const { watch, service } = rooms('a');
    for (const request of [
      { eventId: 'a', since: 0 },
      { eventId: 'a', since: 1, epoch: 'other' },
      { eventId: 'a', since: 99 },
    ]) {
      const [answer] = await watch(new FakeSocket(), request);
      assert.ok('snapshot' in answer!, JSON.stringify(request));
    }
    service.onApplicationShutdown();
  });

  test('is refused for an event that is not on sale, and answers nobody who has gone meanwhile', async () => {
    const { watch, service, gauge } = rooms('a');
    await assert.rejects(watch(new FakeSocket(), { eventId: 'unknown' }), { code: 'not_found' });
    await assert.rejects(watch(new FakeSocket(), { eventId: 'unknown', since: 1 }), { code: 'not_found' });
    const gone = new FakeSocket();
    gone.connected = false;
    assert.deepEqual(await watch(gone, { eventId: 'a' }), []);
    assert.equal(await gauge('rooms'), 0);
    service.onApplicationShutdown();
  });

  test('ends for who unwatches or leaves; the last one closes the room', async () => {
    const { watch, commit, service, gauge, feed } = rooms('a', 'b');
    const [one, two] = [new FakeSocket(), new FakeSocket()];
    for (const eventId of ['a', 'b']) await watch(one, { eventId });
    await watch(two, { eventId: 'a' });
    service.unwatch(one.socket, 'a');
    await commit('a', 0, HELD);
    await ticks();
    assert.deepEqual([seen(one).length, seen(two).length, await gauge('rooms')], [0, 1, 2]);
    service.forget(one.socket);
    assert.equal(await gauge('rooms'), 1);
    service.forget(two.socket);
    service.unwatch(two.socket, 'a');
    service.forget(new FakeSocket().socket);
    assert.equal(await gauge('rooms'), 0);
    const ids = Array.from({ length: 300 }, (_, i) => `e${i}`);
    feed.publish(...ids);
    for (const id of ids) await feed.memory.open(id);
    assert.equal(feed.memory.peek('a'), undefined, 'it is not pinned any more');
    service.onApplicationShutdown();
  });

  test('is allowed for twenty events of one socket', async () => {
    const ids = Array.from({ length: 21 }, (_, i) => `e${i}`);
    const { watch, service } = rooms(...ids);
    const one = new FakeSocket();
    for (const eventId of ids.slice(0, 20)) await watch(one, { eventId });
    await assert.rejects(watch(one, { eventId: 'e20' }), { code: 'too_many_watched', message: /20 events/ });
    assert.equal((await watch(one, { eventId: 'e0' })).length, 1, 'one that it watches');
    service.unwatch(one.socket, 'e3');
    assert.equal((await watch(one, { eventId: 'e20' })).length, 1);
    service.onApplicationShutdown();
  });
});

describe('a frame', () => {
  test('is read from the feed where memory does not reach back, and else sends everybody away', async () => {
    const { watch, feed, history, service } = rooms('a');
    const one = new FakeSocket();
    await watch(one, { eventId: 'a' });
    history.touched = { seats: [1], areas: [] };
    for (let i = 0; i < 6; i++) feed.commit('a', 1, i % 2);
    await feed.memory.catchUp();
    await ticks();
    assert.deepEqual(seen(one), [['seats.changed', 'a', 1, 7]]);
    history.touched = undefined;
    for (let i = 0; i < 6; i++) feed.commit('a', 1, i % 2);
    await feed.memory.catchUp();
    await ticks();
    assert.deepEqual(one.read.at(-1), ['seats.reset', { eventId: 'a', epoch: 'epoch' }]);
    service.onApplicationShutdown();
  });

  test('is read from the feed once, however long that takes', async () => {
    const { watch, feed, history, service } = rooms('a');
    const one = new FakeSocket();
    await watch(one, { eventId: 'a' });
    let reads = 0;
    const answer = Promise.withResolvers<{ seats: number[]; areas: number[] }>();
    history.read = () => {
      reads++;
      return answer.promise;
    };
    for (let i = 0; i < 6; i++) feed.commit('a', 1, i % 2);
    await feed.memory.catchUp();
    await until(() => reads > 0, WAIT_MS);
    // Another change begins another tick.
    await feed.memory.apply('a', [feed.commit('a', 1, HELD)], 8);
    await ticks();
    answer.resolve({ seats: [1], areas: [] });
    await until(() => one.read.length > 0, WAIT_MS);
    assert.deepEqual([reads, seen(one)], [1, [['seats.changed', 'a', 1, 8]]]);
    service.onApplicationShutdown();
  });

  test('goes on with the other events when one of them fails, and is tried again', async () => {
    const { watch, feed, history, commit, service } = rooms('a', 'b');
    const [one, two] = [new FakeSocket(), new FakeSocket()];
    await watch(one, { eventId: 'a' });
    await watch(two, { eventId: 'b' });
    const warned: unknown[][] = [];
    Logger.overrideLogger({
      log: () => {},
      error: () => {},
      warn: (...said: unknown[]) => warned.push(said),
    });
    const failures = [new Error('The database is away'), new DomainError('database_failing')];
    history.read = async () => {
      throw failures[Math.min(warned.length, 1)];
    };
    for (let i = 0; i < 6; i++) feed.commit('a', 1, i % 2);
    await feed.memory.catchUp();
    await commit('b', 0, HELD);
    await until(() => warned.length > 1 && two.read.length > 0, WAIT_MS);
    assert.deepEqual([seen(one), seen(two)], [[], [['seats.changed', 'b', 1, 2]]]);
    history.read = async () => ({ seats: [1], areas: [] });
    await until(() => one.read.length > 0, WAIT_MS);
    assert.deepEqual(seen(one), [['seats.changed', 'a', 1, 7]]);
    Logger.overrideLogger(false);
    for (const [index, err] of failures.entries()) {
      const [about, text] = warned[index]!;
      assert.deepEqual(about, { err, eventId: 'a' });
      assert.match(String(text), /the next tick tries again/);
    }
    service.onApplicationShutdown();
  });

  test('belongs to the request whose change it tells of, and not the next one, too', async () => {
    const { watch, commit, service } = rooms('a');
    const collector = await Collector.start();
    const stopTracing = startTracing({ endpoint: collector.url, share: 1, service: 'rooms' });
    const one = new FakeSocket();
    for (const socket of [one, new FakeSocket(), new FakeSocket()]) await watch(socket, { eventId: 'a' });
    const request = beginRequest({})!;
    await within(request, () => commit('a', 0, HELD));
    await until(() => one.read.length === 1, WAIT_MS);
    await commit('a', 1, HELD);
    await until(() => one.read.length === 2, WAIT_MS);
    request.end();
    service.onApplicationShutdown();
    await stopTracing();
    collector.close();
    const told = collector.spans().filter(({ name }) => name !== 'request');
    assert.deepEqual(
      told.map(({ name, parentSpanId, attributes }) => ({ name, parentSpanId, attributes })),
      [
        {
          name: 'seats.changed',
          parentSpanId: request.spanContext().spanId,
          attributes: { 'evently.event_id': 'a', 'evently.sockets': 3 },
        },
      ],
    );
  });

  test('waits for who does not keep up, and catches up with it by itself', async () => {
    const { watch, commit, service, gauge } = rooms('a');
    const slow = new FakeSocket();
    await watch(slow, { eventId: 'a' });
    slow.stall();
    await commit('a', 0, HELD);
    await ticks();
    assert.equal(await gauge('lagging_watchers'), 1);
    slow.drain();
    await ticks();
    assert.deepEqual(
      [slow.emitted.map(([message]) => message), await gauge('lagging_watchers')],
      [['seats.changed'], 0],
    );
    service.onApplicationShutdown();
  });

  test('is sent by nobody after the end', async () => {
    const { watch, commit, service } = rooms('a');
    const one = new FakeSocket();
    await watch(one, { eventId: 'a' });
    await commit('a', 0, HELD);
    service.onApplicationShutdown();
    await commit('a', 1, HELD);
    await ticks();
    assert.deepEqual(seen(one), []);
  });

  test('is sent by nobody after the end, though nothing waited to be sent then', async () => {
    const { watch, commit, service } = rooms('a');
    const one = new FakeSocket();
    await watch(one, { eventId: 'a' });
    service.onApplicationShutdown();
    await commit('a', 1, HELD);
    await ticks();
    assert.deepEqual(seen(one), []);
  });
});
