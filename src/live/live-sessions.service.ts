import { Injectable } from '@nestjs/common';
import { TokenService } from '../auth/tokens/token.service.js';
import type { Principal } from '../platform/access/principal.js';
import { DomainError } from '../platform/common/domain-error.js';
import { Every } from '../platform/jobs/jobs.decorators.js';
import { pageOriginOf } from './live.adapter.js';
import type { LiveNamespace, LiveSocket, Payload, ServerMessage } from './live.messages.js';

type EndOfSession = Payload<'session.ended'>['code'];

const roomOf = (userId: string) => `user:${userId}`;
/** For buyer sessions, which hear of one event only. */
const saleRoomOf = (userId: string, eventId: string) => `user:${userId}:${eventId}`;
const roomFor = ({ id, sale }: Principal) => (sale ? saleRoomOf(id, sale.eventId) : roomOf(id));

/** People behind the sockets, for as long as their tokens are valid. */
@Injectable()
export class LiveSessionsService {
  private readonly sockets = new Set<LiveSocket>();
  private namespace!: LiveNamespace;

  constructor(private readonly tokens: TokenService) {}

  serve(namespace: LiveNamespace): void {
    this.namespace = namespace;
  }

  /** Takes a token for this socket. Errors: `token_invalid`, `token_expired`, `token_revoked`, `origin_not_allowed`. */
  signIn(socket: LiveSocket, token: string): void {
    const principal = this.tokens.authenticate(token);
    requireOrigin(principal, pageOriginOf(socket));
    this.signOut(socket);
    Object.assign(socket.data, { token, principal });
    this.sockets.add(socket);
    void socket.join(roomFor(principal));
  }

  signOut(socket: LiveSocket): void {
    this.sockets.delete(socket);
    if (socket.data.principal) void socket.leave(roomFor(socket.data.principal));
    delete socket.data.principal;
    delete socket.data.token;
  }

  /** Whether this person has a socket on this replica; with an event, one that hears of it. */
  isHere(userId: string, eventId?: string | null): boolean {
    const { rooms } = this.namespace.adapter;
    return rooms.has(roomOf(userId)) || (!!eventId && rooms.has(saleRoomOf(userId, eventId)));
  }

  /** Sockets on this replica, those that never said who they are included. */
  get open(): number {
    return this.namespace.sockets.size;
  }

  get someoneIsHere(): boolean {
    return this.sockets.size > 0;
  }

  /** With an event, buyer sessions for it hear of it as well. */
  tell<K extends ServerMessage>(userId: string, message: K, payload: Payload<K>, eventId?: string): void {
    const rooms = [roomOf(userId), ...(eventId === undefined ? [] : [saleRoomOf(userId, eventId)])];
    (this.namespace.to(rooms).emit as (message: K, payload: Payload<K>) => void)(message, payload);
  }

  /** Checks all tokens; one seen before costs 4 µs. */
  @Every({ name: 'live.check-tokens', seconds: 1, everywhere: true })
  async checkTokens(): Promise<void> {
    for (const socket of this.sockets) {
      const ended = this.endOf(socket.data.token!);
      if (!ended) continue;
      this.signOut(socket);
      socket.emit('session.ended', { code: ended });
      if (ended !== 'token_expired') socket.disconnect(true);
    }
  }

  private endOf(token: string): EndOfSession | undefined {
    try {
      this.tokens.authenticate(token);
      return undefined;
    } catch (error) {
      if (error instanceof DomainError) return error.code as EndOfSession;
      throw error;
    }
  }
}

function requireOrigin({ sale }: Principal, origin: string | undefined): void {
  if (sale && origin !== undefined && origin !== sale.origin) throw new DomainError('origin_not_allowed');
}
