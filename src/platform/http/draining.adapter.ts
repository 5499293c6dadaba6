import { FastifyAdapter } from '@nestjs/platform-fastify';

const SWEEP_INTERVAL_MS = 100;
const DRAIN_TIMEOUT_MS = 8_000;

/**
 * Adapter that lets requests under way finish, for some seconds; from the first moment of a shutdown no new work
 * begins.
 */
export class DrainingAdapter extends FastifyAdapter {
  /** True when the replica is about to end: clients are asked to open their next connection elsewhere. */
  leaving = false;
  draining = false;

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
