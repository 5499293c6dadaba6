import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, brotliCompressSync, constants, gzip, gzipSync } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Encoding } from './accept.js';
import { matches } from './etag.js';

/** An answer serialized once and sent to many. */
export interface SerializedAnswer {
  readonly type: string;
  readonly body: Buffer;
  readonly encoding: Encoding;
  /** Strong: names these bytes in this encoding. */
  readonly etag: string;
  readonly headers: Readonly<Record<string, string>>;
}

const brotli = (quality: number) => ({ params: { [constants.BROTLI_PARAM_QUALITY]: quality } });

/** Compresses quickly, for short-lived answers: 12.5 kB of seat states take 0.1 to 0.3 ms. */
export function pack(body: Buffer, encoding: Encoding): Buffer {
  if (encoding === 'br') return brotliCompressSync(body, brotli(1));
  return encoding === 'gzip' ? gzipSync(body, { level: 1 }) : body;
}

/** Compresses well, for answers that are kept. Off the event loop: 2 MB take a tenth of a second and more. */
export async function packWell(body: Buffer, encoding: Encoding): Promise<Buffer> {
  if (encoding === 'br') return promisify(brotliCompress)(body, brotli(6));
  return encoding === 'gzip' ? promisify(gzip)(body, { level: 6 }) : body;
}

export const digest = (body: Buffer): string =>
  createHash('sha256').update(body).digest('base64url').slice(0, 22);

/** Sets status and headers; returns what is to be sent: the body, or nothing when the client has it. */
export function present(
  { type, body, encoding, etag, headers }: SerializedAnswer,
  request: FastifyRequest,
  reply: FastifyReply,
): Buffer | undefined {
  reply.headers(headers).header('ETag', etag).header('Vary', 'Accept, Accept-Encoding, Origin');
  if (matches(request.headers['if-none-match'], etag)) {
    reply.status(304);
    return undefined;
  }
  reply.header('Content-Type', type);
  if (encoding !== 'identity') reply.header('Content-Encoding', encoding);
  return body;
}
