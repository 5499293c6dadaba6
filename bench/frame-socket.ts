import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/**
 * The least of a WebSocket client: counts text frames. A general client costs as much a frame as the server that is
 * measured, on the same cores.
 */
export class FrameSocket {
  private pending: Buffer = Buffer.alloc(0);
  private open = false;
  private readonly socket: Socket;

  constructor(
    url: string,
    path: string,
    private readonly onText: (text: string, self: FrameSocket) => void,
    onOpen: (self: FrameSocket) => void,
    onLost: (error: Error) => void,
  ) {
    const { hostname, port } = new URL(url);
    this.socket = connect(Number(port), hostname);
    this.socket.setNoDelay(true);
    this.socket.on('error', onLost);
    this.socket.write(
      `GET ${path} HTTP/1.1\r\nHost: ${hostname}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
    );
    this.socket.on('data', (chunk) => {
      this.pending = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
      if (!this.open && !this.readHead(onLost)) return;
      this.readFrames();
      if (!this.open) {
        this.open = true;
        onOpen(this);
      }
    });
  }

  /** A masked text frame; a mask of zeros leaves the text as it is. */
  send(text: string): void {
    const bytes = Buffer.from(text);
    const head =
      bytes.length < 126 ? [0x81, 0x80 | bytes.length] : [0x81, 0xfe, bytes.length >> 8, bytes.length & 255];
    this.socket.write(Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), bytes]));
  }

  close(): void {
    this.socket.destroy();
  }

  private readHead(onLost: (error: Error) => void): boolean {
    const end = this.pending.indexOf('\r\n\r\n');
    if (end < 0) return false;
    const head = this.pending.toString('latin1', 0, end);
    if (!head.startsWith('HTTP/1.1 101')) onLost(new Error(head));
    this.pending = this.pending.subarray(end + 4);
    return true;
  }

  private readFrames(): void {
    const bytes = this.pending;
    let at = 0;
    while (bytes.length >= at + 2) {
      const short = bytes[at + 1]! & 127;
      const start = at + (short < 126 ? 2 : short === 126 ? 4 : 10);
      if (bytes.length < start) break;
      const length =
        short < 126
          ? short
          : short === 126
            ? bytes.readUInt16BE(at + 2)
            : Number(bytes.readBigUInt64BE(at + 2));
      if (bytes.length < start + length) break;
      this.onText(bytes.toString('latin1', start, start + length), this);
      at = start + length;
    }
    this.pending = bytes.subarray(at);
  }
}
