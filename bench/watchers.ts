import { given, serveParent } from '../test/support/child.js';
import { FrameSocket } from './frame-socket.js';

export interface Watch {
  readonly url: string;
  readonly count: number;
  /** Watches it over Socket.IO; absent for the bare baseline, whose sockets only listen. */
  readonly eventId?: string;
}

const FRAME = '42/live,["seats.changed"';

/** Many sockets in a process of their own that count the frames of one event. */
const { url, count, eventId } = given<Watch>();
const path = eventId ? '/socket.io/?EIO=4&transport=websocket' : '/';
let frames = 0;
let last = '';
const sockets: FrameSocket[] = [];

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
        } else if (text === '2') self.send('3');
        else if (text.startsWith('0{')) self.send('40/live,');
        else if (text.startsWith('40/live,')) self.send(`42/live,0["watch",{"eventId":"${eventId}"}]`);
        else if (text.startsWith('43/live,0[{"ok":true')) resolve(self);
        else reject(new Error(`Unexpected: ${text.slice(0, 200)}`));
      },
      (self) => {
        if (!eventId) resolve(self);
      },
      reject,
    );
  });
}

serveParent({}, { frames: () => frames, last: () => last });
