import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { fair, TcpPipe, type Weather } from './tcp-pipe.js';

/** `up`: from those who connect to the target; `down`: what it answers. */
export type Direction = 'up' | 'down';

interface Link {
  readonly client: Socket;
  readonly target: Socket;
  readonly pipes: readonly TcpPipe[];
}

/**
 * A network between two programs that does what networks do: passes everything on, until it is told to cut, delay,
 * freeze, throttle or tear messages in half. A fault holds for what is there and for what comes, until `pass()`.
 */
export class TcpProxy {
  private readonly weather: Record<Direction, Weather> = {
    up: { ...fair(), bytes: 0, halved: 0 },
    down: { ...fair(), bytes: 0, halved: 0 },
  };
  private readonly links = new Set<Link>();
  private refusing = false;
  private readonly seen = { accepted: 0, refused: 0, cut: 0 };

  private constructor(
    private readonly server: Server,
    private target: { host: string; port: number },
  ) {
    server.on('connection', (client) => this.accept(client));
  }

  /** Listens on a free port of loopback. @param url of the target, with its port: only host and port are looked at */
  static async before(url: string): Promise<TcpProxy> {
    const server = createServer({ noDelay: true });
    server.listen(0, '127.0.0.1', 4096);
    await once(server, 'listening');
    return new TcpProxy(server, placeOf(url));
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** The same address by way of this proxy. */
  through(url: string): string {
    const by = new URL(url);
    by.hostname = '127.0.0.1';
    by.port = String(this.port);
    return by.href;
  }

  /** New connections go to another target, as when an address moves to another server. */
  aim(url: string): void {
    this.target = placeOf(url);
  }

  /** Counts so far; `open`: connections now. */
  get counts() {
    const { up, down } = this.weather;
    return {
      ...this.seen,
      open: this.links.size,
      halved: up.halved + down.halved,
      bytesUp: up.bytes,
      bytesDown: down.bytes,
    };
  }

  /** Ends every fault. Held-back bytes get through; a torn message is completed if its connection is still there. */
  pass(): void {
    this.refusing = false;
    for (const weather of Object.values(this.weather)) Object.assign(weather, fair());
    for (const { pipes } of this.links) for (const pipe of pipes) pipe.stalled = false;
  }

  /**
   * Resets every connection. New ones are reset too, or hang: accepted and never answered; or go on as if nothing was.
   */
  cut(then: 'refuse' | 'hang' | 'accept' = 'refuse'): void {
    this.refusing = then === 'refuse';
    if (then === 'hang') this.freeze();
    this.seen.cut += this.links.size;
    for (const link of this.links) reset(link);
  }

  /** Every message arrives that much later, in order. */
  delay(ms: number, ...directions: Direction[]): void {
    this.change({ delayMs: ms }, directions);
  }

  /** Connections stay open and nothing gets through, new ones included: what a lost route looks like. */
  freeze(...directions: Direction[]): void {
    this.change({ frozen: true }, directions);
  }

  throttle(bytesPerSecond: number, ...directions: Direction[]): void {
    this.change({ bytesPerSecond }, directions);
  }

  /** Cuts the next message of so many connections in half, as they speak; then they are reset, or say nothing more. */
  half(direction: Direction, after: 'cut' | 'stall' = 'cut', times = 1): void {
    this.change({ halves: { left: times, after } }, [direction]);
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.cut();
    await closed;
  }

  private change(fault: Partial<Weather>, directions: Direction[]): void {
    for (const direction of directions.length ? directions : (['up', 'down'] as const))
      Object.assign(this.weather[direction], fault);
  }

  private accept(client: Socket): void {
    client.on('error', () => {});
    if (this.refusing) {
      this.seen.refused++;
      client.resetAndDestroy();
      return;
    }
    this.seen.accepted++;
    const target = connect({ ...this.target, noDelay: true });
    target.on('error', () => {});
    const cut = () => reset(link);
    const pipes = [
      new TcpPipe(client, target, this.weather.up, cut),
      new TcpPipe(target, client, this.weather.down, cut),
    ];
    const link: Link = { client, target, pipes };
    this.links.add(link);
    for (const socket of [client, target])
      socket.on('close', () => client.destroyed && target.destroyed && this.links.delete(link));
  }
}

function reset({ client, target }: Link): void {
  client.resetAndDestroy();
  target.resetAndDestroy();
}

function placeOf(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  if (!port) throw new Error(`No port in ${url}`);
  return { host: hostname, port: Number(port) };
}
