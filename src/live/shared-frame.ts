import type { LiveSocket, Payload, ServerMessage } from './live.messages.js';

/** What is used of Engine.IO below a socket, and of ws below that. Their insides are looked at before they are used. */
interface Engine {
  readonly readyState: string;
  readonly writeBuffer: readonly unknown[];
  readonly transport: {
    readonly writable: boolean;
    readonly socket?: {
      readonly readyState: number;
      readonly bufferedAmount: number;
      readonly _sender?: { sendFrame?(frame: readonly Buffer[]): void };
    };
  };
  write(packet: string, options: { wsPreEncodedFrame: readonly Buffer[] }): void;
}

const OPEN = 1;

/**
 * A message to many sockets: encoded once, as packet of Socket.IO and as WebSocket frame around it. Where nothing waits
 * the frame goes to the network right away; the way through Engine.IO costs half as much again as the network does. Any
 * other socket (polling, something waiting, another ws than the one we know) gets the packet through Engine.IO.
 */
export class SharedFrame<K extends ServerMessage> {
  private readonly packet: string;
  private readonly frame: readonly Buffer[];

  constructor(namespace: string, message: K, payload: Payload<K>) {
    // An event of Socket.IO is a 2; a message of Engine.IO a 4.
    this.packet = `2${namespace},${JSON.stringify([message, payload])}`;
    this.frame = [toFrame(Buffer.from(`4${this.packet}`))];
  }

  sendTo(socket: LiveSocket): void {
    const engine = socket.conn as unknown as Engine;
    if (engine.readyState !== 'open') return;
    const { writable, socket: ws } = engine.transport;
    if (
      writable &&
      engine.writeBuffer.length === 0 &&
      ws?.readyState === OPEN &&
      ws.bufferedAmount === 0 &&
      ws._sender?.sendFrame
    )
      ws._sender.sendFrame(this.frame);
    else engine.write(this.packet, { wsPreEncodedFrame: this.frame });
  }
}

/** A text frame of a server (RFC 6455): final, not masked. */
function toFrame(text: Buffer): Buffer {
  const head =
    text.length < 126
      ? Buffer.from([0x81, text.length])
      : text.length < 65_536
        ? Buffer.from([0x81, 126, text.length >> 8, text.length & 255])
        : longHead(text.length);
  return Buffer.concat([head, text]);
}

function longHead(length: number): Buffer {
  const head = Buffer.from([0x81, 127, 0, 0, 0, 0, 0, 0, 0, 0]);
  head.writeBigUInt64BE(BigInt(length), 2);
  return head;
}
