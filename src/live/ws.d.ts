import 'ws';

declare module 'ws' {
  /** Builds frames: exported by ws for Socket.IO's adapter, and not in its types. */
  export class Sender {
    static frame(
      data: Buffer,
      options: { fin: boolean; rsv1: boolean; opcode: number; mask: boolean; readOnly: boolean },
    ): Buffer[];
  }
}
