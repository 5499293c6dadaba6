import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { ConsoleLogger, Logger } from '@nestjs/common';
import type { EventsService } from '../../../src/events/events.service.js';
import type { FeedRepository } from '../../../src/inventory/seat-map/feed.repository.js';
import { SeatStatesService } from '../../../src/inventory/seat-map/seat-states.service.js';
import type { LiveNamespace, WatchAnswer, WatchRequest } from '../../../src/live/live.messages.js';
import { LiveRoomsService } from '../../../src/live/live-rooms.service.js';
import { DomainError } from '../../../src/platform/common/domain-error.js';
import { SEAT } from '../../../src/platform/common/seat-states.js';
import type { Config } from '../../../src/platform/config/config.js';
import { FakeSocket } from '../../support/fake-socket.js';
import { FeedTable } from '../../support/feed-table.js';

const { HELD, BOOKED } = SEAT;
const TICK_MS = 10;

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
  };
  const repository: Pick<FeedRepository, 'touched'> = { touched: async () => history.touched };
  const seats = new SeatStatesService(feed.memory, hidden as EventsService, repository as FeedRepository);
  const service = new LiveRoomsService(
    feed.memory,
    seats,
    { live: { tickMs: TICK_MS } } as unknown as Config,
    feed.meters,
  );
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
  return { feed, service, watch, commit, history, gauge };
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
    assert.ok('changes' in answer!);
    assert.deepEqual([answer.changes.from, answer.changes.to, answer.changes.changes], [1, 2, [[2, HELD]]]);
    await ticks();
    assert.deepEqual(seen(later), [['seats.changed', 'a', 1, 2]].slice(0, seen(later).length));
    await commit('a', 3, HELD);
    await ticks();
    assert.deepEqual(seen(later).at(-1), ['seats.changed', 'a', 2, 3]);
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

  test('goes on with the other events when one of them fails, and is tried again', async () => {
    const { watch, feed, history, commit, service } = rooms('a', 'b');
    const [one, two] = [new FakeSocket(), new FakeSocket()];
    await watch(one, { eventId: 'a' });
    await watch(two, { eventId: 'b' });
    Object.defineProperty(history, 'touched', {
      configurable: true,
      get: () => assert.fail('The database is away'),
    });
    for (let i = 0; i < 6; i++) feed.commit('a', 1, i % 2);
    await feed.memory.catchUp();
    await commit('b', 0, HELD);
    await ticks();
    assert.deepEqual([seen(one), seen(two)], [[], [['seats.changed', 'b', 1, 2]]]);
    Object.defineProperty(history, 'touched', { value: { seats: [1], areas: [] } });
    await ticks();
    assert.deepEqual(seen(one), [['seats.changed', 'a', 1, 7]]);
    service.onApplicationShutdown();
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
});
