import { given, serveParent } from '../test/support/child.js';
import { FrameSocket } from './frame-socket.js';

export interface Watch {
  readonly url: string;
  readonly count: number;
  /** Watches it over Socket.IO; absent for the bare baseline, whose sockets only listen. */
  readonly eventId?: string;
  /** Follows the numbers of the frames as a client has to; costs a little, so not where deliveries are compared. */
  readonly exact?: boolean;
}

const FRAME = '42/live,["seats.changed"';
const SNAPSHOT = '42/live,["seats.snapshot"';

/** Many sockets in a process of their own that count the frames of one event. */
const { url, count, eventId, exact } = given<Watch>();
const path = eventId ? '/socket.io/?EIO=4&transport=websocket' : '/';
let frames = 0;
let last = '';
const sockets: FrameSocket[] = [];
/** The seq that each socket has, and how often a frame did not continue it. */
const at = new Map<FrameSocket, number>();
let gaps = 0;

while (sockets.length < count)
  sockets.push(...(await Promise.all(Array.from({ length: Math.min(100, count - sockets.length) }, watch))));

function watch(): Promise<FrameSocket> {
  return new Promise((resolve, reject) => {
    new FrameSocket(
      url,
      path,
      (text, self) => {
        if (text.startsWith(FRAME)) {
          frames++;
          last = text;
          if (exact) follow(text, self);
        } else if (text.startsWith(SNAPSHOT)) at.set(self, numberAfter(text, '"seq":'));
        else if (text === '2') self.send('3');
        else if (text.startsWith('0{')) self.send('40/live,');
        else if (text.startsWith('40/live,')) self.send(`42/live,0["watch",{"eventId":"${eventId}"}]`);
        else if (text.startsWith('43/live,0[{"ok":true')) {
          at.set(self, numberAfter(text, '"seq":'));
          resolve(self);
        } else reject(new Error(`Unexpected: ${text.slice(0, 200)}`));
      },
      (self) => {
        if (!eventId) resolve(self);
      },
      reject,
    );
  });
}

function follow(text: string, socket: FrameSocket): void {
  const mine = at.get(socket)!;
  if (numberAfter(text, '"from":') > mine) gaps++;
  else at.set(socket, Math.max(mine, numberAfter(text, '"to":')));
}

function numberAfter(text: string, name: string): number {
  return Number.parseInt(
    text.slice(text.indexOf(name) + name.length, text.indexOf(name) + name.length + 16),
    10,
  );
}

serveParent(
  {},
  {
    frames: () => frames,
    last: () => last,
    /** Gaps of all sockets, and the lowest seq among them. */
    standing: () => ({ gaps, lowest: Math.min(...at.values()) }),
  },
);
