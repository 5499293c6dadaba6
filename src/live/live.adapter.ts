import type { IncomingMessage } from 'node:http';
import type { INestApplicationContext } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { Namespace, Server, ServerOptions } from 'socket.io';
import { clientAddress, trust } from '../common/proxies.rules.js';
import type { Config } from '../config/config.js';

/** The longest message is an access token. */
const LONGEST_MESSAGE = 16 * 1024;
/** For connections that never join the namespace. */
const CONNECT_TIMEOUT = 10_000;

type EngineSocket = { request: IncomingMessage; once(event: 'close', listener: () => void): void };

/** Socket.IO with the settings of this installation, and no more connections from one address than allowed. */
export class LiveAdapter extends IoAdapter {
  private readonly connections = new Map<string, number>();
  private readonly trusts;

  constructor(
    app: INestApplicationContext,
    private readonly config: Config,
  ) {
    super(app);
    this.trusts = trust(config.trustProxy);
  }

  override createIOServer(port: number, options: ServerOptions): Server {
    const server: Server = super.createIOServer(port, {
      ...options,
      cors: { origin: this.config.corsOrigins },
      transports: ['websocket', 'polling'],
      maxHttpBufferSize: LONGEST_MESSAGE,
      connectTimeout: CONNECT_TIMEOUT,
      // 64 KB and more per socket, for frames of a hundred bytes.
      perMessageDeflate: false,
      serveClient: false,
      allowRequest: (request: IncomingMessage, decide: (error: string | null, allowed: boolean) => void) => {
        const allowed = this.hasRoom(request);
        decide(allowed ? null : 'too_many_connections', allowed);
      },
    } satisfies Partial<ServerOptions>);
    server.engine.on('connection', (socket: EngineSocket) => this.count(socket));
    return server;
  }

  /** Its connections only. The HTTP server is Fastify's to close, after the requests under way. */
  override async close(server: Server | Namespace): Promise<void> {
    if ('engine' in server) server.engine.close();
  }

  private hasRoom(request: IncomingMessage): boolean {
    const belongsToOne = new URL(request.url ?? '', 'http://host').searchParams.has('sid');
    if (belongsToOne || !this.config.rateLimits) return true;
    return (this.connections.get(this.addressOf(request)) ?? 0) < this.config.socketsPerAddress;
  }

  private count(socket: EngineSocket): void {
    const address = this.addressOf(socket.request);
    this.connections.set(address, (this.connections.get(address) ?? 0) + 1);
    socket.once('close', () => {
      const left = this.connections.get(address)! - 1;
      if (left > 0) this.connections.set(address, left);
      else this.connections.delete(address);
    });
  }

  private addressOf({ headers, socket }: IncomingMessage): string {
    return clientAddress(
      socket.remoteAddress ?? '',
      headers['x-forwarded-for'] as string | undefined,
      this.trusts,
    );
  }
}
