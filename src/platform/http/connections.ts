import type { Server } from 'node:http';
import type { Socket } from 'node:net';

const LOOK_EVERY = 5_000;
/** Milliseconds in which a client must read an answer: at 20 KB/s it can read a seat map of 50,000 seats. */
const READ_TIMEOUT = 90_000;

export interface ConnectionLimits {
  /** Maximum number of connections in all. */
  readonly total: number;
  /** Maximum number from one address; Infinity behind a proxy, whose address all connections have. */
  readonly perAddress: number;
  readonly readTimeout?: number;
  readonly lookEvery?: number;
}

/**
 * Bounds the cost of connections before a request arrives and after its answer is sent. A connection beyond the limits
 * is closed at once: it costs one accept, while a refusal in HTTP would have to wait for a request that may never come.
 */
export class Connections {
  private readonly waitingSince = new Map<Socket, number>();
  private readonly open = new Set<Socket>();
  /** Undefined: the address of one that was gone before it arrived here. */
  private readonly perAddress = new Map<string | undefined, number>();

  constructor(
    server: Server,
    private readonly limits: ConnectionLimits,
  ) {
    server.on('connection', (socket: Socket) => this.admit(socket));
    const timer = setInterval(() => this.endSlowReaders(), limits.lookEvery ?? LOOK_EVERY);
    timer.unref();
    server.once('close', () => clearInterval(timer));
  }

  get count(): number {
    return this.open.size;
  }

  private admit(socket: Socket): void {
    const address = socket.remoteAddress;
    const fromThere = (this.perAddress.get(address) ?? 0) + 1;
    if (this.open.size >= this.limits.total || fromThere > this.limits.perAddress) {
      socket.destroy();
      return;
    }
    this.open.add(socket);
    this.perAddress.set(address, fromThere);
    socket.once('close', () => this.forget(socket, address));
  }

  private forget(socket: Socket, address: string | undefined): void {
    this.open.delete(socket);
    this.waitingSince.delete(socket);
    const left = this.perAddress.get(address)! - 1;
    if (left > 0) this.perAddress.set(address, left);
    else this.perAddress.delete(address);
  }

  /**
   * Ends connections that had unsent bytes at every look for too long: a trickling reader counts like a stalled one.
   */
  private endSlowReaders(): void {
    const now = performance.now();
    for (const socket of this.open) {
      if (socket.writableLength === 0) this.waitingSince.delete(socket);
      else if (now - (this.waitingSince.get(socket) ?? now) > (this.limits.readTimeout ?? READ_TIMEOUT))
        socket.destroy();
      else if (!this.waitingSince.has(socket)) this.waitingSince.set(socket, now);
    }
  }
}
