import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { WebhookSender } from '../../src/notifications/webhooks/webhook-sender.js';

/** In a network of its own, where this address is on the loopback device, with itself as name server. */
const OPEN = '8.8.4.4';
const INSIDE = '127.0.0.1';
/**
 * Answers of the name server, in turn: the address that is checked, then the one that is meant; at last both at once.
 */
const TURNS = [[OPEN], [INSIDE], [OPEN, INSIDE], [INSIDE, OPEN]];
const ROUNDS = 5;

const asked: string[][] = [];
const names = createSocket('udp4');
names.on('message', (query, from) => {
  const end = query.indexOf(0, 12) + 5;
  const wantsA = query.readUInt16BE(end - 4) === 1;
  const addresses = wantsA ? TURNS[asked.length % TURNS.length]! : [];
  if (wantsA) asked.push(addresses);
  const head = Buffer.from(query.subarray(0, 12));
  head.writeUInt16BE(0x8180, 2);
  head.writeUInt16BE(addresses.length, 6);
  head.fill(0, 8);
  const answers = addresses.map((address) =>
    Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]),
  );
  names.send(Buffer.concat([head, query.subarray(12, end), ...answers]), from.port, from.address);
});
await new Promise<void>((bound) => names.bind(53, '127.0.0.1', bound));

/** Connections by the address that they were made to. */
const reached: Record<string, number> = { [OPEN]: 0, [INSIDE]: 0 };
const web = createServer((socket) => {
  socket.on('error', () => {});
  reached[socket.localAddress!]!++;
  socket.destroy();
});
await new Promise<void>((listening) => web.listen(443, '0.0.0.0', listening));

const sender = new WebhookSender({ webhooks: { allowPrivate: false, timeoutMs: 5_000 } });
const errors: string[] = [];
for (let i = 0; i < ROUNDS * TURNS.length; i++) {
  const { error } = await sender.post('https://rebound.example.org/hook', {}, '{}');
  errors.push(error ?? 'none');
}
console.log(JSON.stringify({ asked: asked.length, reached, errors }));
process.exit();
