import { FastifyAdapter } from '@nestjs/platform-fastify';

const SWEEP = 100;
const PATIENCE = 8_000;

/** Knows from the first moment of a shutdown that no new work may begin, and lets requests under way finish, for seconds. */
export class DrainingAdapter extends FastifyAdapter {
  /** It is about to end: whoever keeps a connection is asked to open the next one elsewhere. */
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
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP);
    const end = setTimeout(() => server.closeAllConnections(), PATIENCE);
    server.once('close', () => {
      clearInterval(sweep);
      clearTimeout(end);
    });
    sweep.unref();
    end.unref();
  }
}
