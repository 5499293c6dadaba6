import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { io } from 'socket.io-client';
import { WebSocket } from 'undici';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import type { Json } from '../../support/client.js';
import { openSale, plainHall, type Sale } from '../../support/halls.js';
import { note } from '../../support/note.js';
import { until } from '../../support/until.js';

const MB = 1024 * 1024;

/** A connection of engine.io that keeps to no rules. */
class RawSocket {
  closed = false;
  readonly received: string[] = [];
  private constructor(readonly ws: WebSocket) {
    ws.addEventListener('message', ({ data }) => this.received.push(String(data)));
    ws.addEventListener('close', () => {
      this.closed = true;
    });
    ws.addEventListener('error', () => {});
  }

  static async open(url: string): Promise<RawSocket> {
    const ws = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    const socket = new RawSocket(ws);
    await until(async () => ws.readyState !== WebSocket.CONNECTING);
    return socket;
  }

  send(...packets: (string | Uint8Array<ArrayBuffer>)[]): void {
    for (const packet of packets) if (this.ws.readyState === WebSocket.OPEN) this.ws.send(packet);
  }
}

describe('floods of sockets', () => {
  let app: TestApp;
  let sale: Sale;
  beforeAll(async () => {
    app = await startApp({
      limits: { on: true },
      live: { socketsPerAddress: 150 },
      http: { connectionsPerAddress: 2_000 },
    });
    sale = await openSale(app, plainHall(10, 10));
  });
  afterAll(async () => {
    await assertAuditClean(app);
    await app.close();
  });

  /** Somebody else's messages are answered. */
  async function serves(): Promise<void> {
    const socket = io(`${app.url}/live`, { transports: ['websocket'], forceNew: true });
    const answer: Json = await socket.timeout(20_000).emitWithAck('watch', { eventId: sale.eventId });
    assert.equal(answer.ok, true, JSON.stringify(answer));
    socket.close();
  }
  const joined = async (): Promise<RawSocket> => {
    const socket = await RawSocket.open(app.url);
    socket.send('40/live,{}');
    await until(async () => socket.received.some((text) => text.startsWith('40/live')));
    return socket;
  };
  const endsAfter = async (what: string, packets: (string | Uint8Array<ArrayBuffer>)[], from = joined) => {
    const socket = await from();
    socket.send(...packets);
    await until(async () => socket.closed).catch(() => assert.fail(`${what}: still open`));
  };

  test('what is no message of the contract ends the connection', async () => {
    const many = (packet: string) => Array.from({ length: 1_000 }, () => packet);
    await endsAfter('binary', [new Uint8Array(1_000)]);
    await endsAfter('an event with attachments', ['451-/live,["watch",{"_placeholder":true,"num":0}]']);
    await endsAfter('attachments that never come', ['459999-/live,["watch"]']);
    await endsAfter('a message that is too large', [`42/live,["watch","${'x'.repeat(20_000)}"]`]);
    await endsAfter('messages in a flood', many('42/live,1["watch",{}]'));
    await endsAfter('events that nobody knows', many('42/live,["drop table"]'));
    await endsAfter('acknowledgements that nobody asked for', many('43/live,1[1]'));
    await endsAfter('joins of namespaces', many('40/nowhere,{}'));
    await endsAfter('pongs', many('3'));
    await endsAfter('nonsense', ['4{"'], () => RawSocket.open(app.url));
    await serves();
  });

  test('nothing is served outside of /live', async () => {
    const socket = await RawSocket.open(app.url);
    socket.send('40{}');
    await until(async () => socket.received.some((text) => text.startsWith('44')));
    assert.ok(!socket.received.some((text) => text.startsWith('40')));
    socket.ws.close();
  });

  test('handshakes without a join and by polling are bounded, end by themselves, and give the memory back', async () => {
    const before = process.memoryUsage().rss;
    const idle = await Promise.all(Array.from({ length: 100 }, () => RawSocket.open(app.url)));
    const polls = await Promise.all(
      Array.from({ length: 200 }, () => app.client().get('//socket.io/?EIO=4&transport=polling')),
    );
    const let_in = polls.filter(({ status }) => status === 200).length;
    assert.ok(let_in < 60 && let_in > 30, `${let_in} of 200 were let in`);
    // The address has used up its connections. Sockets that never join are disconnected after ten seconds.
    await until(async () => idle.every(({ closed }) => closed), 30_000);
    await until(
      async () => (await app.client().get('//socket.io/?EIO=4&transport=polling')).status === 200,
      60_000,
    );
    const grown = process.memoryUsage().rss - before;
    note(`memory after the flood: ${Math.round(grown / MB)} MB more`);
    await serves();
  });
});
