import { RawConnection } from './raw.js';

/**
 * Clients that never finish: some send headers, some a body, a few bytes a second; some take an answer that is larger than
 * what the kernel keeps for them, ten bytes a second. Each kind has an address of its own.
 */
export class SlowCrowd {
  private readonly timer = setInterval(() => this.trickle(), 1_000);
  private constructor(
    readonly headers: readonly RawConnection[],
    readonly bodies: readonly RawConnection[],
    readonly readers: readonly RawConnection[],
  ) {}

  /** @param path of a large answer */
  static async gather(
    url: string,
    path: string,
    count: { headers: number; bodies: number; readers: number },
  ): Promise<SlowCrowd> {
    const host = `Host: ${new URL(url).host}`;
    const form = 'Content-Type: application/json\r\nContent-Length: 9000';
    const post = `POST /api/v1/auth/login HTTP/1.1\r\n${host}\r\n${form}\r\n\r\n{`;
    const headers = await RawConnection.many(count.headers, url, `GET ${path} HTTP/1.1\r\n`, '127.0.0.2');
    const bodies = await RawConnection.many(count.bodies, url, post, '127.0.0.3');
    const readers = await RawConnection.many(count.readers, url, '', '127.0.0.4');
    for (const { socket } of readers) {
      socket.pause();
      socket.write(`GET ${path} HTTP/1.1\r\n${host}\r\n\r\n`);
    }
    return new SlowCrowd(headers, bodies, readers);
  }

  /** How many of each kind are connected. */
  get open(): readonly number[] {
    return [this.headers, this.bodies, this.readers].map((all) => all.filter(({ closed }) => !closed).length);
  }

  end(): void {
    clearInterval(this.timer);
    for (const connection of [...this.headers, ...this.bodies, ...this.readers]) connection.end();
  }

  private trickle(): void {
    for (const { socket } of this.headers) socket.write('X-Slow: 1\r\n');
    for (const { socket } of this.bodies) socket.write(' ');
    for (const { socket } of this.readers) socket.read(10);
  }
}
