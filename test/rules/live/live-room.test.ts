import assert from 'node:assert/strict';
import { describe, test } from '@jest/globals';
import type { Span } from '@opentelemetry/api';
import { hasDrained, isSlow } from '../../../src/live/backpressure.js';
import type { LiveNamespace } from '../../../src/live/live.messages.js';
import { LiveRoom } from '../../../src/live/live-room.js';
import { PacketGuard } from '../../../src/live/packet-guard.js';
import { SharedFrame } from '../../../src/live/shared-frame.js';
import { SEAT } from '../../../src/platform/common/seat-states.js';
import { FakeSocket } from '../../support/fake-socket.js';
import { feedRow, memoryOf } from '../../support/inventory-memory.js';

const NAMESPACE = { name: '/live' } as LiveNamespace;

function room(states = '00000') {
  const memory = memoryOf(states);
  const made = new LiveRoom(memory, NAMESPACE);
  const join = (seq = memory.seq) => {
    const fake = new FakeSocket();
    made.add(fake.socket, seq);
    return fake;
  };
  const change = (n: number, state: number = SEAT.HELD) =>
    memory.apply([feedRow(memory.seq + 1, [[n, state]])]);
  const flush = async () => {
    await made.send(made.frame()!);
    made.catchUpLagging();
  };
  return { memory, room: made, join, change, flush };
}

describe('the room of an event', () => {
  test('sends each change once to everybody who keeps up', async () => {
    const { room: made, join, change, flush } = room();
    const sockets = [join(), join()];
    assert.deepEqual([made.sizes, made.isBehind, made.isEmpty], [{ keeping: 2, lagging: 0 }, false, false]);
    change(1);
    change(2);
    assert.equal(made.isBehind, true);
    await flush();
    assert.deepEqual([made.at, made.isBehind], [12, false]);
    await flush();
    change(1, SEAT.FREE);
    await flush();
    for (const { read, packets, emitted } of sockets) {
      assert.deepEqual(
        read.map(([message, { from, to, changes }]) => [message, from, to, changes]),
        [
          [
            'seats.changed',
            10,
            12,
            [
              [1, 1],
              [2, 1],
            ],
          ],
          ['seats.changed', 12, 13, [[1, 0]]],
        ],
      );
      assert.deepEqual([packets, emitted], [[], []]);
    }
    assert.deepEqual(sockets[0]!.frames, sockets[1]!.frames);
    assert.deepEqual([made.eventId, made.epoch], ['event', 'epoch']);
  });

  test('is empty when the last has left', () => {
    const { room: made, join } = room();
    assert.equal(made.isEmpty, true);
    const keeping = join();
    const lagging = join(9);
    made.remove(keeping.socket);
    assert.deepEqual([made.sizes, made.isEmpty], [{ keeping: 0, lagging: 1 }, false]);
    made.remove(lagging.socket);
    assert.equal(made.isEmpty, true);
  });

  test('lets nobody in twice', () => {
    const { room: made, join } = room();
    const one = join(9);
    made.add(one.socket, 10);
    made.add(one.socket, 10);
    assert.deepEqual(made.sizes, { keeping: 1, lagging: 0 });
    made.add(one.socket, 9);
    assert.deepEqual(made.sizes, { keeping: 0, lagging: 1 });
  });

  test('brings a newcomer with an older state up to date', () => {
    const { room: made, join, change, memory } = room();
    change(1);
    made.at = 11;
    const late = join(10);
    assert.equal(made.isBehind, true);
    made.catchUpLagging();
    assert.equal(late.emitted.length, 1);
    const [message, payload] = late.emitted[0]!;
    const { from, to, changes } = payload as { from: number; to: number; changes: unknown };
    assert.deepEqual([message, from, to, changes], ['seats.changed', 10, 11, [[1, 1]]]);
    assert.deepEqual([made.sizes, made.isBehind], [{ keeping: 1, lagging: 0 }, false]);
    const older = join(3);
    made.catchUpLagging();
    assert.equal(older.emitted[0]![0], 'seats.snapshot');
    assert.equal((older.emitted[0]![1] as { seq: number }).seq, memory.seq);
  });

  test('leaves out who does not keep up, until the network has taken everything', async () => {
    const { room: made, join, change, flush } = room();
    const [slow, quick] = [join(), join()];
    slow.stall();
    change(1);
    await flush();
    change(2);
    await flush();
    assert.deepEqual([slow.read.length, quick.read.length, made.sizes], [0, 2, { keeping: 1, lagging: 1 }]);
    slow.ws.bufferedAmount = 1;
    made.catchUpLagging();
    assert.equal(slow.emitted.length, 0, 'not drained');
    slow.drain();
    made.catchUpLagging();
    const [message, payload] = slow.emitted[0]!;
    assert.deepEqual([message, payload], ['seats.changed', { ...(payload as object), from: 10, to: 12 }]);
    change(3);
    await flush();
    assert.deepEqual([slow.read.length, quick.read.length], [1, 3]);
  });

  test('sends a frame of no change to nobody', async () => {
    const { room: made, join, flush } = room();
    const one = join();
    await flush();
    assert.deepEqual([one.frames.length, made.at], [0, 10]);
  });

  test('sends no frame that does not follow, or of another history', async () => {
    const { room: made, join, change } = room();
    const one = join();
    change(1);
    const frame = made.frame()!;
    await made.send({ ...frame, from: 9 });
    await made.send({ ...frame, epoch: 'other' });
    assert.deepEqual([one.frames.length, made.at], [0, 10]);
    await made.send(frame);
    await made.send(frame);
    assert.deepEqual([one.frames.length, made.at], [1, 11]);
  });

  test('follows the event through a reload, and sends everybody away when it is another history', async () => {
    const { room: made, join, memory } = room();
    const [one, late] = [join(), join(9)];
    made.follow(memoryOf('00000', { seq: 12 }));
    assert.deepEqual([made.at, made.isBehind, one.frames.length], [10, true, 0]);
    made.follow(memoryOf('00000', { seq: 9 }));
    assert.deepEqual([made.at, made.sizes], [9, { keeping: 2, lagging: 0 }]);
    made.follow(memoryOf('00000', { seq: 20, epoch: 'restored' }));
    assert.deepEqual([made.at, made.epoch], [20, 'restored']);
    for (const { read } of [one, late])
      assert.deepEqual(read, [
        ['seats.reset', { eventId: 'event', epoch: 'epoch' }],
        ['seats.reset', { eventId: 'event', epoch: 'restored' }],
      ]);
    assert.equal(memory.seq, 10);
  });

  test('lets requests in between, and stops a frame that is not due any more', async () => {
    const { room: made, join, change } = room();
    const sockets = [join(), join(), join(), join()];
    /** Takes longer than a turn may last. */
    sockets[0]!.ws._sender.sendFrame = () => {
      const until = performance.now() + 6;
      while (performance.now() < until);
    };
    change(1);
    const sent = made.send(made.frame()!);
    assert.deepEqual(
      sockets.map(({ frames }) => frames.length),
      [0, 0, 0, 0],
      'the rest waits for a turn',
    );
    made.remove(sockets[1]!.socket);
    await sent;
    assert.deepEqual(
      sockets.map(({ frames }) => frames.length),
      [0, 0, 1, 1],
    );
    change(2);
    const stopped = made.send(made.frame()!);
    made.follow(memoryOf('00000', { seq: 12, epoch: 'restored' }));
    await stopped;
    assert.deepEqual(
      sockets[3]!.read.map(([message]) => message),
      ['seats.changed', 'seats.reset'],
    );
  });

  test('links sixteen requests to a frame at most', () => {
    const { room: made } = room();
    made.causedBy(undefined);
    assert.equal(made.causes.length, 0);
    for (let i = 0; i < 20; i++) made.causedBy({} as Span);
    assert.equal(made.causes.length, 16);
  });
});

describe('a frame for many', () => {
  const changed = (eventId: string) => new SharedFrame('/live', 'seats.reset', { eventId, epoch: 'e' });

  test('is a text frame of a WebSocket, whatever its length', () => {
    const one = new FakeSocket();
    for (const length of [1, 60, 200, 70_000]) changed('x'.repeat(length)).sendTo(one.socket);
    const heads = one.frames.map((frame) => {
      assert.equal(frame[0], 0x81);
      const short = frame[1]!;
      const head = short < 126 ? 2 : short === 126 ? 4 : 10;
      const said =
        short < 126 ? short : short === 126 ? frame.readUInt16BE(2) : Number(frame.readBigUInt64BE(2));
      assert.equal(said, frame.length - head);
      assert.ok(frame.subarray(head).toString('utf8').startsWith('42/live,["seats.reset",{"eventId":"x'));
      return head;
    });
    assert.deepEqual(heads, [2, 2, 4, 10]);
    for (const target of [125, 126, 65_535, 65_536]) {
      const empty = `42/live,${JSON.stringify(['seats.reset', { eventId: '', epoch: 'e' }])}`.length;
      const edge = new FakeSocket();
      changed('y'.repeat(target - empty)).sendTo(edge.socket);
      const head = target < 126 ? 2 : target < 65_536 ? 4 : 10;
      assert.equal(edge.frames[0]!.length, target + head);
    }
  });

  test('goes through Engine.IO where something waits or the socket is of another kind, and nowhere when closed', () => {
    const ways: ((fake: FakeSocket) => void)[] = [
      (fake) => fake.writeBuffer.push({}),
      (fake) => {
        fake.ws.bufferedAmount = 1;
      },
      (fake) => {
        fake.ws.readyState = 2;
      },
      (fake) => {
        fake.conn.transport.writable = false;
      },
      (fake) => {
        fake.conn.transport.socket = undefined;
      },
      (fake) => {
        fake.conn.transport.socket = { ...fake.ws, _sender: undefined };
      },
      (fake) => {
        fake.conn.transport.socket = { ...fake.ws, _sender: {} };
      },
    ];
    for (const change of ways) {
      const fake = new FakeSocket();
      change(fake);
      changed('e').sendTo(fake.socket);
      assert.deepEqual([fake.frames.length, fake.packets.length], [0, 1], String(change));
      assert.equal(fake.packets[0], '2/live,["seats.reset",{"eventId":"e","epoch":"e"}]');
    }
    const closed = new FakeSocket();
    closed.conn.readyState = 'closing';
    changed('e').sendTo(closed.socket);
    assert.deepEqual([closed.frames.length, closed.packets.length], [0, 0]);
  });
});

describe('a connection', () => {
  test('is slow when more than sixteen packets or 256 KiB wait, and drained when nothing does', () => {
    const fake = new FakeSocket();
    const state = () => [isSlow(fake.socket), hasDrained(fake.socket)];
    assert.deepEqual(state(), [false, true]);
    for (let i = 0; i < 16; i++) fake.writeBuffer.push({});
    assert.deepEqual(state(), [false, false]);
    fake.writeBuffer.push({});
    assert.deepEqual(state(), [true, false]);
    fake.drain();
    fake.ws.bufferedAmount = 128 * 1024;
    fake.writeBuffer.push({ data: 'x'.repeat(128 * 1024) });
    assert.deepEqual(state(), [false, false]);
    fake.ws.bufferedAmount++;
    assert.deepEqual(state(), [true, false]);
    fake.drain();
    fake.ws.bufferedAmount = 1;
    assert.deepEqual(state(), [false, false]);
    fake.conn.transport.socket = undefined;
    assert.deepEqual(state(), [false, true]);
  });

  test('may not go on after a binary message, nor after a flood of packets', () => {
    const guard = new PacketGuard();
    assert.equal(guard.accepts({ type: 'message', data: '2["watch"]' }), true);
    for (const data of [Buffer.from('x'), undefined, '51-["watch"]', '61-[]'])
      assert.equal(guard.accepts({ type: 'message', data }), false);
    assert.equal(guard.accepts({ type: 'pong' }), true);
    let accepted = 0;
    while (guard.accepts({ type: 'pong' }) && accepted < 1_000) accepted++;
    assert.ok(accepted >= 298 && accepted < 600, `${accepted}`);
  });
});
