import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { DomainError } from '../platform/common/domain-error.js';
import { toDomainError } from '../platform/http/to-domain-error.js';
import type { LiveNamespace, LiveSocket } from './live.messages.js';
import { LiveRoomsService } from './live-rooms.service.js';
import { LiveSalesService } from './live-sales.service.js';
import { LiveSessionsService } from './live-sessions.service.js';
import { MessageRate } from './message-rate.js';

const handshake = z.looseObject({ token: z.string().optional() });

/** Lets sockets in and out. */
@Injectable()
export class LiveConnectionsService {
  private namespace!: LiveNamespace;
  private closing = false;

  constructor(
    private readonly sessions: LiveSessionsService,
    private readonly rooms: LiveRoomsService,
    private readonly sales: LiveSalesService,
  ) {}

  serve(namespace: LiveNamespace): void {
    this.namespace = namespace;
    this.sessions.serve(namespace);
    this.rooms.serve(namespace);
    this.sales.serve(namespace);
    namespace.use((socket, next) => {
      try {
        this.admit(socket);
        next();
      } catch (error) {
        const { code, ...problem } = toDomainError(error).toProblem();
        next(Object.assign(new Error(String(code)), { data: { code, ...problem } }));
      }
    });
  }

  begin(socket: LiveSocket): void {
    // Read when it was let in; its headers and the rest would be kept for nothing.
    Object.assign(socket, { handshake: undefined });
    const rate = new MessageRate();
    socket.use((message, next) => {
      if (rate.take()) return next();
      const answer: unknown = message.at(-1);
      if (typeof answer === 'function')
        answer({ error: new DomainError('rate_limited', { retryAfter: 1 }).toProblem() });
    });
  }

  end(socket: LiveSocket): void {
    this.rooms.forget(socket);
    this.sales.forget(socket);
    this.sessions.signOut(socket);
  }

  /**
   * Says why, then ends the connections. Not by a goodbye of the protocol, after which clients stay away: a connection
   * that just ends makes them come back, to a replica that is up.
   */
  close(): void {
    this.closing = true;
    this.namespace.emit('server.closing', { code: 'shutting_down' });
    for (const socket of this.namespace.sockets.values()) socket.conn.close();
  }

  /** A bad token is refused, so that the client learns that it has to refresh it. */
  private admit(socket: LiveSocket): void {
    if (this.closing) throw new DomainError('shutting_down', { retryAfter: 1 });
    const { token } = handshake.catch({ token: '' }).parse(socket.handshake.auth);
    if (token !== undefined) this.sessions.signIn(socket, token);
  }
}
