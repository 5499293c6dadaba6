import assert from 'node:assert/strict';
import type { LiveSocket, SocketData } from '../../src/live/live.messages.js';

/** The end of a connection: what was sent to it, and how much the network has not taken yet. */
export class FakeSocket {
  connected = true;
  readonly data: SocketData = {};
  readonly frames: Buffer[] = [];
  readonly packets: string[] = [];
  readonly emitted: [message: string, payload: unknown][] = [];
  readonly writeBuffer: { data?: string }[] = [];
  readonly ws = {
    readyState: 1,
    bufferedAmount: 0,
    _sender: {
      sendFrame: (frame: readonly Buffer[]) => {
        this.frames.push(Buffer.concat(frame));
      },
    },
  };
  readonly conn = {
    readyState: 'open',
    writeBuffer: this.writeBuffer,
    transport: { writable: true, socket: this.ws as object | undefined },
    write: (packet: string, { wsPreEncodedFrame }: { wsPreEncodedFrame: readonly Buffer[] }) => {
      assert.ok(Buffer.concat(wsPreEncodedFrame).toString('utf8').endsWith(packet));
      this.packets.push(packet);
    },
  };

  emit(message: string, payload: unknown): void {
    this.emitted.push([message, payload]);
  }

  get socket(): LiveSocket {
    return this as unknown as LiveSocket;
  }

  /** The messages that the client has read, with their payloads. */
  get read(): [message: string, payload: Record<string, unknown>][] {
    return this.frames.map((frame) => {
      const text = frame.toString('utf8');
      return JSON.parse(text.slice(text.indexOf('[')));
    });
  }

  stall(): void {
    this.ws.bufferedAmount = 256 * 1024 + 1;
  }

  drain(): void {
    this.ws.bufferedAmount = 0;
    this.writeBuffer.length = 0;
  }
}
