import { connect, type Socket } from 'node:net';

/** A TCP connection of a client that keeps to no rules. */
export class RawConnection {
  received = '';
  closed = false;
  private constructor(readonly socket: Socket) {
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      // The first part is enough to tell what it was.
      if (this.received.length < 4_096) this.received += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.closed = true;
    });
  }

  /** `from`: an address of this machine, such as 127.0.0.2. */
  static open(url: string, first = '', from?: string): Promise<RawConnection> {
    const { hostname, port } = new URL(url);
    const socket = connect({ port: Number(port), host: hostname, localAddress: from });
    const connection = new RawConnection(socket);
    if (first) socket.write(first);
    return new Promise((resolve) => {
      socket.once('connect', () => resolve(connection));
      socket.once('close', () => resolve(connection));
    });
  }

  static many(count: number, url: string, first = '', from?: string): Promise<RawConnection[]> {
    return Promise.all(Array.from({ length: count }, () => RawConnection.open(url, first, from)));
  }

  end(): void {
    this.socket.destroy();
  }
}
