import { type BeforeApplicationShutdown, UseFilters } from '@nestjs/common';
import {
  Ack,
  ConnectedSocket,
  MessageBody,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  type OnGatewayInit,
  SubscribeMessage,
  WebSocketGateway,
} from '@nestjs/websockets';
import * as messages from './live.messages.js';
import { LiveConnectionsService } from './live-connections.service.js';
import { LiveErrorFilter } from './live-error.filter.js';
import { LiveRoomsService } from './live-rooms.service.js';
import { LiveSalesService } from './live-sales.service.js';
import { LiveSessionsService } from './live-sessions.service.js';

@UseFilters(LiveErrorFilter)
@WebSocketGateway({ namespace: '/live' })
export class LiveGateway
  implements OnGatewayInit, OnGatewayConnection, OnGatewayDisconnect, BeforeApplicationShutdown
{
  constructor(
    private readonly connections: LiveConnectionsService,
    private readonly rooms: LiveRoomsService,
    private readonly sales: LiveSalesService,
    private readonly sessions: LiveSessionsService,
  ) {}

  afterInit(namespace: messages.LiveNamespace): void {
    this.connections.serve(namespace);
  }

  handleConnection(socket: messages.LiveSocket): void {
    this.connections.begin(socket);
  }

  handleDisconnect(socket: messages.LiveSocket): void {
    this.connections.end(socket);
  }

  @SubscribeMessage('watch')
  watch(
    @ConnectedSocket() socket: messages.LiveSocket,
    @MessageBody({ schema: messages.fromClients.watch.payload }) request: messages.WatchRequest,
    @Ack() answer: ((answer: messages.WatchAnswer) => void) | undefined,
  ) {
    return this.rooms.watch(socket, request, (given) => answer?.(given));
  }

  @SubscribeMessage('unwatch')
  unwatch(
    @ConnectedSocket() socket: messages.LiveSocket,
    @MessageBody({ schema: messages.fromClients.unwatch.payload }) { eventId }: messages.UnwatchRequest,
  ): messages.Answer {
    this.rooms.unwatch(socket, eventId);
    return { ok: true };
  }

  @SubscribeMessage('watch.sales')
  watchSales(
    @ConnectedSocket() socket: messages.LiveSocket,
    @MessageBody({ schema: messages.fromClients['watch.sales'].payload }) {
      eventId,
    }: messages.WatchSalesRequest,
  ): Promise<messages.WatchSalesAnswer> {
    return this.sales.watch(socket, eventId);
  }

  @SubscribeMessage('unwatch.sales')
  unwatchSales(
    @ConnectedSocket() socket: messages.LiveSocket,
    @MessageBody({ schema: messages.fromClients['unwatch.sales'].payload }) request: messages.UnwatchRequest,
  ): messages.Answer {
    this.sales.unwatch(socket, request);
    return { ok: true };
  }

  @SubscribeMessage('authenticate')
  authenticate(
    @ConnectedSocket() socket: messages.LiveSocket,
    @MessageBody({ schema: messages.fromClients.authenticate.payload }) {
      token,
    }: messages.AuthenticateRequest,
  ): messages.Answer {
    this.sessions.signIn(socket, token);
    return { ok: true };
  }

  beforeApplicationShutdown(): void {
    this.connections.close();
  }
}
