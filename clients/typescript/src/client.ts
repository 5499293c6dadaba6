import createFetchClient, { type Client } from 'openapi-fetch';
import { Live, type LiveOptions } from './live.js';
import type { components, paths } from './openapi.gen.js';
import { IDEMPOTENT } from './operations.gen.js';
import { ok } from './problem.js';
import { SeatMap } from './seat-map.js';
import { type Fetch, patiently } from './send.js';
import { memoryStore, Session, type TokenStore } from './session.js';

type Schemas = components['schemas'];

export interface ClientOptions {
  /** An access token that somebody else looks after. */
  readonly token?: string;
  /** Where the tokens of a login are kept; in memory when absent. */
  readonly tokens?: TokenStore;
  /** Language of texts that the server writes, such as tickets: `de`. */
  readonly language?: () => string;
  readonly fetch?: Fetch;
  readonly live?: LiveOptions;
}

const idempotent = new Set<string>(IDEMPOTENT);
/** Header that the OpenAPI document requires and every request has anyway. */
const ANY_LANGUAGE = { header: { 'accept-language': '*' } };

/** One installation, as one person or as nobody. */
export class EventlyClient {
  /** Every operation, typed: `ok(client.api.GET('/api/v1/events', { params: { query: { q: 'final' } } }))`. */
  readonly api: Client<paths>;
  readonly session: Session;
  readonly live: Live;

  constructor(
    readonly url: string,
    { token, tokens, language, fetch = (request) => globalThis.fetch(request), live }: ClientOptions = {},
  ) {
    const anonymous = createFetchClient<paths>({ baseUrl: url, fetch });
    this.session = new Session(
      tokens ?? memoryStore(token === undefined ? undefined : { accessToken: token }),
      (refreshToken) => ok(anonymous.POST('/api/v1/auth/refresh', { body: { refreshToken } })),
    );
    this.api = createFetchClient<paths>({ baseUrl: url, fetch: patiently(fetch, this.session) });
    this.api.use({
      onRequest({ request, schemaPath }) {
        if (language) request.headers.set('Accept-Language', language());
        if (idempotent.has(`${request.method} ${schemaPath}`) && !request.headers.has('Idempotency-Key'))
          request.headers.set('Idempotency-Key', crypto.randomUUID());
        return request;
      },
    });
    this.live = new Live(url, this.session, live);
  }

  async register(body: Schemas['Register']): Promise<Schemas['Account']> {
    const grant = await ok(this.api.POST('/api/v1/auth/register', { params: ANY_LANGUAGE, body }));
    this.session.begin(grant);
    return grant.user;
  }

  async login(body: Schemas['Login']): Promise<Schemas['Account']> {
    const grant = await ok(this.api.POST('/api/v1/auth/login', { body }));
    this.session.begin(grant);
    return grant.user;
  }

  /** Ends the session here even where the server cannot be told. */
  async logout(): Promise<void> {
    try {
      await ok(this.api.POST('/api/v1/auth/logout'));
    } finally {
      this.session.end();
    }
  }

  /** The seats of an event: `await client.seatMap(id).load()`, then `watch()`. */
  seatMap(eventId: string): SeatMap {
    const path = { id: eventId };
    return new SeatMap(
      eventId,
      {
        geometry: () =>
          ok(this.api.GET('/api/v1/events/{id}/seat-map', { params: { path, query: { labels: 'false' } } })),
        states: () => ok(this.api.GET('/api/v1/events/{id}/seats', { params: { path } })),
        changes: (since, epoch) =>
          ok(
            this.api.GET('/api/v1/events/{id}/seats/changes', { params: { path, query: { since, epoch } } }),
          ),
      },
      this.live,
    );
  }

  /** Hangs up. */
  close(): void {
    this.live.close();
  }
}

/** @param url where the installation is, without a path: `https://tickets.example.org` */
export const createClient = (url: string, options: ClientOptions = {}): EventlyClient =>
  new EventlyClient(url.replace(/\/$/, ''), options);
