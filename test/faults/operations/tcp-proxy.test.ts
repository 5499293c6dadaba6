import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, test } from '@jest/globals';
import { TcpProxy } from '../../support/tcp-proxy.js';
import { until } from '../../support/until.js';

/** One who speaks to the target by way of the proxy. */
class Caller {
  heard = '';
  end: string | undefined;
  readonly socket: Socket;

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.socket.setEncoding('utf8').on('data', (text: string) => {
      this.heard += text;
    });
    this.socket.on('error', (error: NodeJS.ErrnoException) => {
      this.end = error.code;
    });
    this.socket.on('close', () => {
      this.end ??= 'closed';
    });
  }

  say(text: string): this {
    this.socket.write(text);
    return this;
  }

  hears = (text: string) => until(() => this.heard === text);
  ends = (how: string) => until(() => this.end === how);
}

const echoes = async (prefix: string): Promise<Server> => {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => socket.write(prefix + bytes));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
};
const urlOf = (server: Server) => `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;

describe('the TCP proxy of the drills', () => {
  let echo: Server;
  let proxy: TcpProxy;
  const callers: Caller[] = [];
  const call = () => {
    const caller = new Caller(proxy.port);
    callers.push(caller);
    return caller;
  };

  beforeAll(async () => {
    echo = await echoes('');
    echo.unref();
  });
  beforeEach(async () => {
    proxy = await TcpProxy.before(urlOf(echo));
  });
  afterEach(async () => {
    for (const { socket } of callers.splice(0)) socket.destroy();
    await proxy.close();
  });

  test('passes everything on, in both directions and in order, and the end of a connection', async () => {
    const caller = call();
    const long = 'abcdefgh'.repeat(500_000);
    await caller.say(long).hears(long);
    caller.socket.end();
    await caller.ends('closed');
    await until(() => proxy.counts.open === 0);
    const bytes = long.length;
    assert.deepEqual(proxy.counts, {
      accepted: 1,
      refused: 0,
      cut: 0,
      open: 0,
      halved: 0,
      bytesUp: bytes,
      bytesDown: bytes,
    });
  });

  test('cuts: resets all there is, and then resets, hangs or accepts what comes', async () => {
    const first = call();
    await first.say('a').hears('a');
    proxy.cut();
    await first.ends('ECONNRESET');
    await call().ends('ECONNRESET');
    assert.deepEqual([proxy.counts.cut, proxy.counts.refused], [1, 1]);
    proxy.pass();
    const second = call();
    await second.say('b').hears('b');
    proxy.cut('hang');
    await second.ends('ECONNRESET');
    const hanging = call().say('c');
    await until(() => proxy.counts.accepted === 3);
    await sleep(50);
    assert.deepEqual([hanging.heard, hanging.end], ['', undefined]);
    proxy.pass();
    await hanging.hears('c');
    proxy.cut('accept');
    await hanging.ends('ECONNRESET');
    await call().say('d').hears('d');
  });

  test('delays, and is no slower for what is said at once', async () => {
    const caller = call();
    await caller.say('a').hears('a');
    proxy.delay(300, 'down');
    const began = performance.now();
    for (const text of ['b', 'c', 'd', 'e']) {
      caller.say(text);
      await sleep(20);
    }
    assert.equal(caller.heard, 'a');
    await caller.hears('abcde');
    assert.ok(performance.now() - began >= 300);
    proxy.delay(200);
    const again = performance.now();
    await caller.say('f').hears('abcdef');
    assert.ok(performance.now() - again >= 400, 'there and back');
  });

  test('freezes one direction or both, and nothing is lost', async () => {
    const caller = call();
    await caller.say('a').hears('a');
    proxy.freeze('down');
    caller.say('b');
    await until(() => proxy.counts.bytesUp === 2);
    proxy.freeze();
    caller.say('c');
    await sleep(50);
    assert.deepEqual([proxy.counts.bytesUp, caller.heard], [2, 'a']);
    proxy.pass();
    await caller.hears('abc');
  });

  test('tears one message in half, and then cuts or stalls', async () => {
    const cut = call();
    const well = call();
    await Promise.all([cut.say('a').hears('a'), well.say('a').hears('a')]);
    proxy.half('down');
    cut.say('12345678');
    await cut.ends('ECONNRESET');
    assert.ok('a1234'.startsWith(cut.heard), cut.heard);
    await well.say('b').hears('ab');
    proxy.half('up', 'stall');
    well.say('12345678').say('9');
    await well.hears('ab1234');
    assert.equal(proxy.counts.halved, 2);
    await sleep(50);
    assert.equal(well.heard, 'ab1234');
    proxy.pass();
    await well.hears('ab123456789');
  });

  test('throttles', async () => {
    const caller = call();
    proxy.throttle(100_000, 'up');
    const began = performance.now();
    const text = 'x'.repeat(50_000);
    await caller.say(text).hears(text);
    // The pause after the last piece is not waited for.
    caller.say('y');
    await caller.hears(`${text}y`);
    assert.ok(performance.now() - began >= 450);
  });

  test('resets those whose target is not there, and leads to another when aimed there', async () => {
    const other = await echoes('other ');
    const caller = call();
    await caller.say('a').hears('a');
    proxy.aim('tcp://127.0.0.1:9');
    await call().ends('ECONNRESET');
    proxy.aim(urlOf(other));
    await call().say('b').hears('other b');
    await caller.say('b').hears('ab');
    other.close();
  });
});
