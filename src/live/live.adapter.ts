import { type IncomingMessage, ServerResponse } from 'node:http';
import { type INestApplicationContext, Logger } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { MessageMappingProperties } from '@nestjs/websockets';
import type { Observable } from 'rxjs';
import type { Namespace, Server, ServerOptions, Socket } from 'socket.io';
import { clientAddress, trust } from '../platform/common/proxies.rules.js';
import type { Config } from '../platform/config/config.js';
import { type EnginePacket, PacketGuard } from './packet-guard.js';

/** Bytes of a message; the longest one is an access token. */
const LONGEST_MESSAGE = 16 * 1024;
/** Milliseconds after which a connection that has not joined the namespace is closed. */
const CONNECT_TIMEOUT = 10_000;

/**
 * Object that Engine.IO hands to middlewares instead of a response to an upgrade, and keeps until the connection ends.
 */
interface UpgradeResponse {
  req: IncomingMessage | null;
}

type OpeningRequest = IncomingMessage & { upgradeResponse?: UpgradeResponse };

interface EngineSocket {
  request: OpeningRequest | null;
  pageOrigin?: string;
  on(event: 'packet', listener: (packet: EnginePacket) => void): void;
  once(event: 'close', listener: () => void): void;
  close(discard: boolean): void;
}

/**
 * Socket.IO with the settings of this installation, and no more connections than allowed, in all and from one address.
 */
export class LiveAdapter extends IoAdapter {
  private readonly log = new Logger(LiveAdapter.name);
  private readonly connections = new Map<string, number>();
  private readonly trusts;

  constructor(
    app: INestApplicationContext,
    private readonly config: Config,
  ) {
    super(app);
    this.trusts = trust(config.http.trustProxy);
  }

  override createIOServer(port: number, options: ServerOptions): Server {
    const server: Server = super.createIOServer(port, {
      ...options,
      cors: { origin: this.config.http.corsOrigins },
      transports: ['websocket', 'polling'],
      maxHttpBufferSize: LONGEST_MESSAGE,
      connectTimeout: CONNECT_TIMEOUT,
      // 64 KB and more per socket, for frames of a hundred bytes.
      perMessageDeflate: false,
      serveClient: false,
      allowRequest: (request: IncomingMessage, decide: (error: string | null, allowed: boolean) => void) => {
        const refused = this.refusal(request, server);
        decide(refused, refused === null);
      },
    } satisfies Partial<ServerOptions>);
    server.engine.use((request: OpeningRequest, response: UpgradeResponse, next: () => void) => {
      // A handshake by polling is still to be answered through its response.
      if (!(response instanceof ServerResponse)) request.upgradeResponse = response;
      next();
    });
    server.engine.on('connection', (socket: EngineSocket) => {
      this.count(socket);
      const connection = socket.request?.socket;
      keepOrigin(socket);
      forgetRequest(socket);
      const guard = new PacketGuard();
      socket.on('packet', (packet) => {
        if (guard.accepts(packet)) return;
        socket.close(true);
        // Without waiting for a goodbye that such a client does not send.
        connection?.destroy();
      });
    });
    // Nothing is served there; who joins nothing else is sent away when its time to connect is over.
    server.of('/').use((_, next) => next(new Error('not_found')));
    return server;
  }

  /**
   * A listener for each kind of message. Nest's own way keeps three chains of observables for every socket, also for
   * those who never say a word after `watch`.
   */
  override bindMessageHandlers(
    socket: Socket,
    handlers: MessageMappingProperties[],
    transform: (data: unknown) => Observable<unknown>,
  ): void {
    for (const { message, callback, isAckHandledManually } of handlers)
      socket.on(message, (...given: unknown[]) => {
        const ack =
          typeof given.at(-1) === 'function' ? (given.pop() as (answer: unknown) => void) : undefined;
        transform(callback(given.length > 1 ? given : given[0], ack)).subscribe({
          next: (answer) => {
            if (!isAckHandledManually && answer !== undefined) ack?.(answer);
          },
          error: (error: unknown) => this.log.error({ err: error }, 'A socket message failed'),
        });
      });
  }

  /** Closes the sockets only. Fastify closes the HTTP server, after the requests under way. */
  override async close(server: Server | Namespace): Promise<void> {
    if ('engine' in server) server.engine.close();
  }

  private refusal(request: IncomingMessage, { engine }: Server): string | null {
    const query = new URL(request.url ?? '', 'http://host').searchParams;
    // Its requests would have to reach the same replica each time.
    if (query.get('transport') === 'polling' && !this.config.live.polling) return 'websocket_only';
    if (query.has('sid') || !this.config.limits.on) return null;
    const here = this.connections.get(this.addressOf(request)) ?? 0;
    const full =
      engine.clientsCount >= this.config.live.sockets || here >= this.config.live.socketsPerAddress;
    return full ? 'too_many_connections' : null;
  }

  private count(socket: EngineSocket): void {
    const address = this.addressOf(socket.request!);
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

function keepOrigin(socket: EngineSocket): void {
  const { origin } = socket.request!.headers;
  if (origin !== undefined) socket.pageOrigin = origin;
}

/** Origin of the page that opened the connection; undefined outside of browsers. */
export const pageOriginOf = (socket: Pick<Socket, 'conn'>): string | undefined =>
  (socket.conn as unknown as EngineSocket).pageOrigin;

/**
 * Drops the request, which would otherwise be kept with all its headers for the life of the connection: 1.3 KB for the
 * shortest, more for a browser's.
 */
function forgetRequest(socket: EngineSocket): void {
  const { upgradeResponse } = socket.request ?? {};
  if (upgradeResponse) upgradeResponse.req = null;
  socket.request = null;
}
