import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** Claims of a ticket token; docs/TICKETS.md has the layout for verifiers of other makers. */
export interface TicketClaims {
  readonly eventId: string;
  readonly ticketId: string;
  /** From 1; one more after each transfer. */
  readonly generation: number;
}

const VERSION = 1;
const KEY_ID = 4;
const HEAD = 1 + KEY_ID + 16 + 16 + 2;
const SIGNATURE = 64;
const TOKEN = /^[A-Za-z0-9_-]+$/;

const uuidBytes = (id: string) => Buffer.from(id.replaceAll('-', ''), 'hex');
const formatUuid = (bytes: Buffer) =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** The 32 bytes of an Ed25519 public key. */
export const rawPublicKey = (key: KeyObject): Buffer =>
  Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x!, 'base64url');

/** Names a key: the first four bytes of the SHA-256 of its public half. */
export const keyId = (key: KeyObject): Buffer =>
  createHash('sha256').update(rawPublicKey(key)).digest().subarray(0, KEY_ID);

/** The token in a ticket's QR: 103 bytes, 138 characters. */
export function signToken({ eventId, ticketId, generation }: TicketClaims, key: KeyObject): string {
  const head = Buffer.alloc(HEAD);
  head[0] = VERSION;
  keyId(key).copy(head, 1);
  uuidBytes(eventId).copy(head, 1 + KEY_ID);
  uuidBytes(ticketId).copy(head, 1 + KEY_ID + 16);
  head.writeUInt16BE(generation, HEAD - 2);
  return Buffer.concat([head, sign(null, head, key)]).toString('base64url');
}

/**
 * Reads a token that one of these keys has signed; undefined for everything else. Only the one spelling that
 * `signToken` gives is a token: unused bits of the last character must be zero.
 */
export function readToken(token: string, keys: readonly KeyObject[]): TicketClaims | undefined {
  if (!TOKEN.test(token)) return undefined;
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length !== HEAD + SIGNATURE || bytes.toString('base64url') !== token) return undefined;
  const head = bytes.subarray(0, HEAD);
  if (head[0] !== VERSION) return undefined;
  const id = head.subarray(1, 1 + KEY_ID);
  const key = keys.find((candidate) => keyId(candidate).equals(id));
  if (!key || !verify(null, head, createPublicKey(key), bytes.subarray(HEAD))) return undefined;
  return {
    eventId: formatUuid(head.subarray(1 + KEY_ID, 1 + KEY_ID + 16)),
    ticketId: formatUuid(head.subarray(1 + KEY_ID + 16, 1 + KEY_ID + 32)),
    generation: head.readUInt16BE(HEAD - 2),
  };
}
