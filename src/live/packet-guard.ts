/** Far above what the messages of a client may reach: those have a limit of their own, with an answer. */
const BURST = 300;
const PER_SECOND = 50;
/** In the text of a packet of Socket.IO: events and acknowledgements with binary attachments. */
const BINARY = /^[56]/;

export interface EnginePacket {
  readonly type: string;
  readonly data?: unknown;
}

/**
 * Decides whether a connection may go on after a packet. Counts the packets that are no messages: pongs, joins of
 * namespaces, acknowledgements that nobody asked for. No message of the contract is binary, and attachments would be
 * collected without bound until the last one arrives.
 */
export class PacketGuard {
  private left = BURST;
  private at = performance.now();

  accepts({ type, data }: EnginePacket): boolean {
    if (type === 'message' && (typeof data !== 'string' || BINARY.test(data))) return false;
    const now = performance.now();
    this.left = Math.min(BURST, this.left + ((now - this.at) / 1_000) * PER_SECOND) - 1;
    this.at = now;
    return this.left >= 0;
  }
}
