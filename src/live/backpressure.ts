import type { LiveSocket } from './live.messages.js';

/** Packets that may wait for one client; beyond that the client is caught up with one message instead. */
const PACKETS_WAITING = 16;
const BYTES_WAITING = 256 * 1024;

/** Packets in the engine, and bytes there and in the WebSocket that the network has not taken. */
function waiting({ conn }: LiveSocket): { packets: number; bytes: number } {
  const { writeBuffer, transport } = conn as unknown as {
    writeBuffer: { data?: string }[];
    transport: { socket?: { bufferedAmount?: number } };
  };
  const bytes = writeBuffer.reduce((sum, { data }) => sum + (data?.length ?? 0), 0);
  return { packets: writeBuffer.length, bytes: bytes + (transport.socket?.bufferedAmount ?? 0) };
}

export function isSlow(socket: LiveSocket): boolean {
  const { packets, bytes } = waiting(socket);
  return packets > PACKETS_WAITING || bytes > BYTES_WAITING;
}

export function hasDrained(socket: LiveSocket): boolean {
  const { packets, bytes } = waiting(socket);
  return packets === 0 && bytes === 0;
}
