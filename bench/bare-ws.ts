import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Sender, WebSocketServer } from 'ws';
import { TEXT } from '../src/live/shared-frame.js';
import { serveParent } from '../test/support/child.js';
import { collect } from './collect.js';

interface OpenSender {
  sendFrame(list: Buffer[], done: () => void): void;
}

/** `ws` alone: sends one frame, encoded beforehand, to all its sockets again and again. */
const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
server.listen(0, '127.0.0.1', 4096, () => {
  const { port } = server.address() as AddressInfo;
  serveParent<{ frame: string; seconds: number }>(
    { url: `http://127.0.0.1:${port}` },
    { broadcast, collect },
  );
});

/** As fast as they take it: the next round begins when the network has taken the last. */
async function broadcast({ frame, seconds }: { frame: string; seconds: number }): Promise<void> {
  const list = Sender.frame(Buffer.from(frame), TEXT);
  const senders = [...sockets.clients].map(
    (socket) => (socket as unknown as { _sender: OpenSender })._sender,
  );
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until)
    await new Promise<void>((resolve) => {
      let left = senders.length;
      const done = () => --left === 0 && resolve();
      for (const sender of senders) sender.sendFrame(list, done);
    });
}
