import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, brotliCompressSync, constants, gzip, gzipSync } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { matches } from './etag.js';

export type Encoding = 'br' | 'gzip' | 'identity';

/** An answer printed once and sent to many. */
export interface Printed {
  readonly type: string;
  readonly body: Buffer;
  readonly encoding: Encoding;
  /** Strong: names these bytes in this encoding. */
  readonly etag: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Below this a compressed body saves nothing but the time to unpack it. */
const WORTH_COMPRESSING = 1024;

const brotli = (quality: number) => ({ params: { [constants.BROTLI_PARAM_QUALITY]: quality } });

/** Quick ones, for answers that live for a moment: 12.5 kB of seat states take 0.1 to 0.3 ms. */
export function pack(body: Buffer, encoding: Encoding): Buffer {
  if (encoding === 'br') return brotliCompressSync(body, brotli(1));
  return encoding === 'gzip' ? gzipSync(body, { level: 1 }) : body;
}

/** Small ones, for answers that are kept. Off the event loop: 2 MB take a tenth of a second and more. */
export async function packWell(body: Buffer, encoding: Encoding): Promise<Buffer> {
  if (encoding === 'br') return promisify(brotliCompress)(body, brotli(6));
  return encoding === 'gzip' ? promisify(gzip)(body, { level: 6 }) : body;
}

/** The best encoding that an `Accept-Encoding` header allows for a body of this size. */
export function encodingFor(acceptEncoding: string | undefined, size: number): Encoding {
  if (!acceptEncoding || size < WORTH_COMPRESSING) return 'identity';
  const accepted = acceptEncoding
    .split(',')
    .map((entry) =>
      entry
        .trim()
        .toLowerCase()
        .split(/\s*;\s*q\s*=\s*/),
    )
    .filter(([, weight]) => weight === undefined || Number(weight) > 0)
    .map(([name]) => name);
  if (accepted.includes('br')) return 'br';
  return accepted.includes('gzip') || accepted.includes('*') ? 'gzip' : 'identity';
}

export const digest = (body: Buffer): string =>
  createHash('sha256').update(body).digest('base64url').slice(0, 22);

/** Sets status and headers; returns what is to be sent: the body, or nothing when the client has it. */
export function present(
  { type, body, encoding, etag, headers }: Printed,
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
