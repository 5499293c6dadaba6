import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';

export interface Reply {
  readonly status: number;
  readonly head: string;
  readonly body: Buffer;
}

export interface Load {
  /** Requests answered a second. */
  readonly rate: number;
  readonly statuses: Record<number, number>;
  /** Milliseconds of each answer, by status. */
  readonly times: Record<number, number[]>;
}

/** Number of answers of all statuses together. */
export const total = (statuses: Load['statuses']): number =>
  Object.values(statuses).reduce((sum, count) => sum + count, 0);

/** An answer that takes longer will not come. */
const ANSWER_TIMEOUT_MS = 60_000;

type OnReply = (reply: Reply, index: number, connection: number) => void;

/** The bytes of a request, as `Connection.send` takes them. */
export function request(
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: string,
): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const length =
    body === undefined ? '' : `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`;
  return `${method} ${path} HTTP/1.1\r\nHost: bench\r\n${lines.join('')}${length}\r\n${body ?? ''}`;
}

/**
 * One HTTP/1.1 connection with one request at a time. About 10 µs a request, a fifth of what general clients cost: the
 * sender shares the cores with what it measures. Answers must have a length.
 */
export class Connection {
  private pending: Buffer | undefined;
  private settle: { resolve(reply: Reply): void; reject(error: Error): void } | undefined;

  private constructor(
    private readonly url: string,
    private socket: Socket,
  ) {
    this.listen();
  }

  static async open(url: string): Promise<Connection> {
    return new Connection(url, await connected(url));
  }

  /** On a new connection where the server has closed the idle one, as browsers do. */
  async send(bytes: string): Promise<Reply> {
    if (!this.socket.writable) {
      this.socket = await connected(this.url);
      this.listen();
    }
    return new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
      this.socket.write(bytes, 'latin1');
    });
  }

  private listen(): void {
    const { socket } = this;
    socket.setNoDelay(true);
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => socket.destroy(new Error('There was no answer in time.')));
    socket.on('data', (chunk) => this.receive(chunk));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(new Error('The connection was closed.')));
  }

  close(): void {
    this.socket.destroy();
  }

  private receive(chunk: Buffer): void {
    const bytes = this.pending ? Buffer.concat([this.pending, chunk]) : chunk;
    this.pending = bytes;
    const end = bytes.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = bytes.toString('latin1', 0, end);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (bytes.length < end + 4 + length) return;
    this.pending = undefined;
    const { settle } = this;
    this.settle = undefined;
    settle?.resolve({
      status: Number(head.slice(9, 12)),
      head,
      body: bytes.subarray(end + 4, end + 4 + length),
    });
  }

  private fail(error: Error): void {
    this.settle?.reject(error);
    this.settle = undefined;
  }
}

function connected(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

export async function openAll(url: string, count: number): Promise<Connection[]> {
  const open: Connection[] = [];
  // In portions: a listen queue has an end.
  while (open.length < count)
    open.push(
      ...(await Promise.all(
        Array.from({ length: Math.min(250, count - open.length) }, () => Connection.open(url)),
      )),
    );
  return open;
}

class Tally {
  readonly statuses: Record<number, number> = {};
  readonly times: Record<number, number[]> = {};

  add(status: number, time: number): void {
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    this.times[status] ??= [];
    this.times[status].push(time);
  }

  load(count: number, seconds: number): Load {
    return { rate: count / seconds, statuses: this.statuses, times: this.times };
  }
}

/** Each connection sends its next request when the last was answered, until time or requests are over. */
export async function closedLoop(
  url: string,
  {
    connections,
    seconds = Infinity,
    count = Infinity,
  }: { connections: number; seconds?: number; count?: number },
  next: (index: number, connection: number) => string,
  onReply?: OnReply,
): Promise<Load> {
  const open = await openAll(url, connections);
  const tally = new Tally();
  const began = performance.now();
  const until = began + seconds * 1000;
  let sent = 0;
  await Promise.all(
    open.map(async (connection, own) => {
      while (sent < count) {
        const start = performance.now();
        if (start >= until) break;
        const index = sent++;
        const reply = await connection.send(next(index, own));
        tally.add(reply.status, performance.now() - start);
        onReply?.(reply, index, own);
      }
    }),
  );
  const took = (performance.now() - began) / 1000;
  for (const connection of open) connection.close();
  return tally.load(sent, took);
}

/**
 * Sends at a constant rate whatever the answers do, and counts each answer from the moment its request was due: a
 * closed loop would hide the waiting. `rate` of the result is what was answered. With `drop` a request that finds no
 * free connection when it is due is given up: sent later it would turn the loop into a closed one.
 */
export async function openLoop(
  url: string,
  {
    connections,
    seconds,
    rate,
    drop = false,
  }: { connections: number; seconds: number; rate: number; drop?: boolean },
  next: (index: number, connection: number) => string,
  onReply?: OnReply,
): Promise<Load> {
  const open = await openAll(url, connections);
  const idle = open.map((_, own) => own);
  const tally = new Tally();
  const last = Math.round(rate * seconds);
  const began = performance.now();
  let due = 0;
  let underWay = 0;
  let answered = 0;
  await new Promise<void>((resolve, reject) => {
    const pump = (): void => {
      const now = Math.min(last, Math.floor(((performance.now() - began) / 1000) * rate));
      for (; due < now && (idle.length > 0 || drop); due++) if (idle.length > 0) send(due, idle.pop()!);
      if (due === last && underWay === 0) return resolve();
      if (due < last) setTimeout(pump, 1);
    };
    const send = (index: number, own: number): void => {
      underWay++;
      open[own]!.send(next(index, own)).then((reply) => {
        tally.add(reply.status, performance.now() - began - (index / rate) * 1000);
        onReply?.(reply, index, own);
        idle.push(own);
        underWay--;
        answered++;
        if (due === last && underWay === 0) resolve();
      }, reject);
    };
    pump();
  });
  const took = (performance.now() - began) / 1000;
  for (const connection of open) connection.close();
  return tally.load(answered, took);
}

/** All at once, each on a connection of its own that is open already. */
export async function burst(
  url: string,
  count: number,
  make: (index: number) => string,
  onReply?: OnReply,
): Promise<Load> {
  const open = await openAll(url, count);
  const requests = open.map((_, index) => make(index));
  const tally = new Tally();
  const began = performance.now();
  await Promise.all(
    open.map(async (connection, index) => {
      const reply = await connection.send(requests[index]!);
      tally.add(reply.status, performance.now() - began);
      onReply?.(reply, index, index);
    }),
  );
  const took = (performance.now() - began) / 1000;
  for (const connection of open) connection.close();
  return tally.load(count, took);
}
