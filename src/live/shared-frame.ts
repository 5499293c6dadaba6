import { Sender } from 'ws';
import type { LiveSocket, Payload, ServerMessage } from './live.messages.js';

/** Internals used of Engine.IO below a socket, and of ws below that. Their shape is checked before they are used. */
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
/** Options of a frame with a whole text of a server. */
export const TEXT = { fin: true, rsv1: false, opcode: 1, mask: false, readOnly: false };

/**
 * A message to many sockets: encoded once, as a packet of Socket.IO and as a WebSocket frame around it. If nothing
 * waits in a socket, the frame goes to the network at once; the way through Engine.IO costs half as much again as the
 * network does. All other sockets (polling, with data waiting, or of an unknown version of ws) get the packet through
 * Engine.IO.
 */
export class SharedFrame<K extends ServerMessage> {
  private readonly packet: string;
  private readonly frame: readonly Buffer[];

  constructor(namespace: string, message: K, payload: Payload<K>) {
    // An event of Socket.IO is a 2; a message of Engine.IO a 4.
    this.packet = `2${namespace},${JSON.stringify([message, payload])}`;
    // In one piece: ws writes two where it is given head and text.
    this.frame = [Buffer.concat(Sender.frame(Buffer.from(`4${this.packet}`), TEXT))];
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
