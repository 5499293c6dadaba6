import { isUtf8 } from 'node:buffer';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { DomainError } from '../common/domain-error.js';
import { newId } from '../common/ids.js';
import { HTTP_LIMITS } from './http-limits.js';

/** Refuses requests that are too long, too deep or compressed, before any other code reads them. */
export function limitRequests(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const encoding = request.headers['content-encoding'];
    if (request.raw.url!.length > HTTP_LIMITS.url) return done(new DomainError('url_too_long'));
    // A bomb of 256 KiB unpacks to 250 MiB. Nobody needs it: bodies here are small, but for plans of organizers.
    if (encoding !== undefined && encoding !== 'identity')
      return done(
        new DomainError('unsupported_media_type', { detail: 'Bodies are accepted uncompressed only.' }),
      );
    done();
  });
  fastify.addHook('preValidation', (request, _reply, done) => {
    const { rawBody } = request as { rawBody?: Buffer };
    // Decoding would replace invalid bytes with U+FFFD.
    if (rawBody && !isUtf8(rawBody))
      return done(new DomainError('malformed_json', { detail: 'The body is not UTF-8.' }));
    if (isDeeper(request.body, HTTP_LIMITS.depth)) return done(new DomainError('too_deep'));
    done();
  });
}

/** Whether objects and arrays are within each other more than `limit` times. */
export function isDeeper(value: unknown, limit: number): boolean {
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return false;
  if (limit === 0) return true;
  for (const member of Object.values(value)) if (isDeeper(member, limit - 1)) return true;
  return false;
}

/** Answers bytes that never became a request, and closes the connection. */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  const answering = (socket as { _httpMessage?: unknown })._httpMessage != null;
  if (error.code === 'ECONNRESET' || !socket.writable || answering) {
    socket.destroy();
    return;
  }
  const problem = new DomainError(codeOf(error)).toProblem();
  const body = JSON.stringify({ ...problem, correlationId: newId() });
  const { status } = problem as { status: number };
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

function codeOf({ code }: NodeJS.ErrnoException) {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request_timeout';
  return code === 'HPE_HEADER_OVERFLOW' ? 'headers_too_large' : 'bad_request';
}
