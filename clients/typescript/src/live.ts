import type { io, Socket } from 'socket.io-client';
import { Emitter } from './emitter.js';
import type { FromClients, FromServer } from './live.gen.js';
import type { Session } from './session.js';

type Payloads = { [K in keyof FromServer]: FromServer[K] };
type LiveEvents = Payloads & {
  connected: undefined;
  disconnected: undefined;
  /** News of the person who is logged in arrives from here on; what happened before was told to nobody: read it. */
  signedIn: undefined;
};

type Listen = { [K in keyof FromServer]: (payload: FromServer[K]) => void };
type Ask = {
  [K in keyof FromClients]: (
    payload: FromClients[K]['payload'],
    ack: (answer: FromClients[K]['answer']) => void,
  ) => void;
};

export interface LiveOptions {
  /** WebSocket first; polling needs a server that allows it. */
  readonly transports?: ('websocket' | 'polling')[];
  readonly path?: string;
}

const ANSWER_WITHIN = 5_000;

/**
 * One connection for everything that the server tells: seats of the events that are watched, and one's own bookings.
 */
export class Live extends Emitter<LiveEvents> {
  private socket: Socket<Listen, Ask> | undefined;
  private opening = false;
  private closed = false;
  /** Whether the connection was asked for with a token. */
  private withToken = false;

  constructor(
    private readonly url: string,
    private readonly session: Session,
    private readonly options: LiveOptions = {},
  ) {
    super();
    session.on('changed', (tokens) => this.signIn(tokens?.accessToken));
  }

  get connected(): boolean {
    return this.socket?.connected ?? false;
  }

  /** Opens the connection, if there is none, and keeps it open. */
  open(): void {
    if (this.opening || this.closed) return;
    this.opening = true;
    // Fetched only now: a page has something to show before it follows anything.
    import('socket.io-client').then(
      (library) => {
        if (!this.closed) this.connect(library.io);
      },
      () => {
        this.opening = false;
      },
    );
  }

  private connect(to: typeof io): void {
    const socket: Socket<Listen, Ask> = to(`${this.url}/live`, {
      transports: this.options.transports ?? ['websocket', 'polling'],
      tryAllTransports: true,
      reconnectionDelay: 300,
      reconnectionDelayMax: 5_000,
      forceNew: true,
      ...(this.options.path && { path: this.options.path }),
      auth: (give) =>
        void this.session
          .token()
          .catch(() => undefined)
          .then((token) => {
            this.withToken = token !== undefined;
            give(token === undefined ? {} : { token });
          }),
    });
    this.socket = socket;
    socket.on('connect', () => {
      this.emit('connected', undefined);
      if (this.withToken) this.emit('signedIn', undefined);
    });
    socket.on('disconnect', (reason) => {
      this.emit('disconnected', undefined);
      // The library does not reopen connections that the server has ended.
      if (reason === 'io server disconnect') this.again();
    });
    socket.on('connect_error', () => {
      if (!socket.active) this.again();
    });
    for (const kind of KINDS)
      socket.on(kind, ((payload: never) => this.emit(kind, payload)) as Listen[typeof kind]);
    socket.on('session.ended', ({ code }) => {
      if (code === 'token_expired') void this.session.token().then((token) => this.signIn(token));
    });
  }

  /** Sends a message and waits for its answer. Errors: no connection, no answer in time, a refusal by its code. */
  async ask<K extends keyof FromClients>(
    kind: K,
    payload: FromClients[K]['payload'],
  ): Promise<FromClients[K]['answer']> {
    if (!this.socket?.connected) throw new Error('not_connected');
    // The types of the library do not follow a kind that is a parameter.
    const answer = (await (this.socket as Socket).timeout(ANSWER_WITHIN).emitWithAck(kind, payload)) as {
      error?: { code: string };
    };
    if (answer.error) throw new Error(answer.error.code);
    return answer as FromClients[K]['answer'];
  }

  /** Drops the connection as a network would; it comes back by itself. */
  interrupt(): void {
    this.socket?.io.engine.close();
  }

  close(): void {
    this.closed = true;
    this.socket?.disconnect();
    this.socket = undefined;
  }

  private again(): void {
    setTimeout(
      () => {
        if (!this.closed) this.socket?.connect();
      },
      500 + Math.random() * 1_000,
    );
  }

  /** Who logs out must not go on hearing of the bookings. */
  private signIn(token: string | undefined): void {
    if (!this.socket?.connected) return;
    if (token === undefined) this.socket.disconnect().connect();
    else
      void this.ask('authenticate', { token }).then(
        () => this.emit('signedIn', undefined),
        () => {},
      );
  }
}

const KINDS = [
  'seats.changed',
  'seats.snapshot',
  'seats.reset',
  'sales.changed',
  'booking.changed',
  'waitlist.offer',
  'rights.changed',
  'notification',
  'session.ended',
  'server.closing',
] as const satisfies readonly (keyof FromServer)[];
