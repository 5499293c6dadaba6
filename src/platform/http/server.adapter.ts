import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { CallResult } from '../common/call-result.js';

const SWEEP_INTERVAL_MS = 100;
const DRAIN_TIMEOUT_MS = 8_000;

/**
 * Fastify under Nest, with two habits of this server: a `CallResult` is sent as its body, and requests under way may
 * finish for some seconds, while from the first moment of a shutdown no new work begins.
 */
export class ServerAdapter extends FastifyAdapter {
  /** True when the replica is about to end: clients are asked to open their next connection elsewhere. */
  leaving = false;
  draining = false;

  /**
   * Marks replays, and answers 202 while work goes on. An interceptor would do it for a third of the processor time of a
   * hold (docs/decisions/hold-batch.md).
   */
  override reply(response: FastifyReply, body: unknown, statusCode?: number) {
    if (!(body instanceof CallResult)) return super.reply(response, body, statusCode);
    if (body.replayed) response.header('Idempotency-Replayed', 'true');
    return super.reply(response, body.body, body.underWay ? 202 : statusCode);
  }

  /**
   * Node closes the connections that are idle at one moment: one whose answer is just being sent would be kept alive,
   * and with it the server, for another 72 s. From here on and not from `close()`, because Socket.IO, which is closed
   * before, closes the server as well and waits for it.
   */
  override beforeClose(): void {
    this.leaving = true;
    this.draining = true;
    super.beforeClose();
    const server = this.getHttpServer();
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_INTERVAL_MS);
    const end = setTimeout(() => server.closeAllConnections(), DRAIN_TIMEOUT_MS);
    server.once('close', () => {
      clearInterval(sweep);
      clearTimeout(end);
    });
    sweep.unref();
    end.unref();
  }
}
