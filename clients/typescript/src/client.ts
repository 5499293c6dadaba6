import createFetchClient, { type Client } from 'openapi-fetch';
import { Live, type LiveOptions } from './live.js';
import type { components, paths } from './openapi.gen.js';
import { IDEMPOTENT } from './operations.gen.js';
import { ok } from './problem.js';
import { SeatMap } from './seat-map.js';
import { type Fetch, patiently, provenly, type StepUp } from './send.js';
import { type DeviceStore, memoryDevice, memoryStore, Session, type TokenStore } from './session.js';

type Schemas = components['schemas'];

export interface ClientOptions {
  /** An access token that somebody else looks after. */
  readonly token?: string;
  /** Key of an organisation, in a program on a server. */
  readonly key?: string;
  /** In a page of a shop: gets a buyer session from the shop's own server, at first and whenever one has ended. */
  readonly buyerSession?: () => Promise<Pick<Schemas['BuyerSession'], 'token' | 'expiresAt'>>;
  /** Where the tokens of a login are kept; in memory when absent. */
  readonly tokens?: TokenStore;
  /** Where the mark of this device is kept, beyond a logout; in memory when absent. */
  readonly device?: DeviceStore;
  /** Called when the server wants another proof of who somebody is; a request is repeated when this returns true. */
  readonly stepUp?: StepUp;
  /** Language of texts that the server writes, such as tickets: `de`. */
  readonly language?: () => string;
  readonly fetch?: Fetch;
  readonly live?: LiveOptions;
}

const idempotent = new Set<string>(IDEMPOTENT);
/** One installation, as one person, as a machine with a key, as a customer of a shop, or as nobody. */
export class EventlyClient {
  /** Every operation, typed: `ok(client.api.GET('/api/v1/events', { params: { query: { q: 'final' } } }))`. */
  readonly api: Client<paths>;
  readonly session: Session;
  readonly live: Live;
  private readonly device: DeviceStore;

  constructor(
    readonly url: string,
    {
      token,
      key,
      buyerSession,
      tokens,
      device = memoryDevice(),
      stepUp,
      language,
      fetch = (request) => globalThis.fetch(request),
      live,
    }: ClientOptions = {},
  ) {
    this.device = device;
    const given = token ?? key;
    const anonymous = createFetchClient<paths>({ baseUrl: url, fetch });
    this.session = new Session(
      tokens ?? memoryStore(given === undefined ? undefined : { accessToken: given }),
      (refreshToken) => ok(anonymous.POST('/api/v1/auth/refresh', { body: { refreshToken } })),
      buyerSession,
    );
    this.api = createFetchClient<paths>({
      baseUrl: url,
      fetch: provenly(patiently(fetch, this.session), stepUp),
    });
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
    return this.enter(await ok(this.api.POST('/api/v1/auth/register', { body: this.fromHere(body) })));
  }

  /** Errors: `second_factor_required` with a `challenge` for `finishLogin`. */
  async login(body: Schemas['Login']): Promise<Schemas['Account']> {
    return this.enter(await ok(this.api.POST('/api/v1/auth/login', { body: this.fromHere(body) })));
  }

  /** The second step of a login: `challenge` of the first, with a code. */
  async finishLogin(body: Schemas['SecondStep']): Promise<Schemas['Account']> {
    const here = this.fromHere(body);
    return this.enter(await ok(this.api.POST('/api/v1/auth/login/second-factor', { body: here })));
  }

  /** @param passkey answer of the browser to what `POST /auth/login/passkey/options` says */
  async loginWithPasskey(passkey: Schemas['PasskeyProof']): Promise<Schemas['Account']> {
    const body = this.fromHere({ passkey });
    return this.enter(await ok(this.api.POST('/api/v1/auth/login/passkey', { body })));
  }

  /** @param body code of the page to which a login at another provider led */
  async finishIdentityLogin(body: Schemas['FinishIdentityLogin']): Promise<Schemas['Account']> {
    const here = this.fromHere(body);
    return this.enter(await ok(this.api.POST('/api/v1/auth/login/identity/finish', { body: here })));
  }

  /** Begins the session of a login. */
  enter({ user, device, ...grant }: Schemas['LoggedIn']): Schemas['Account'] {
    this.device.write(device);
    this.session.begin(grant);
    return user;
  }

  /** Proves again who the person is. */
  async stepUp(body: Schemas['StepUp']): Promise<void> {
    this.session.prove(await ok(this.api.POST('/api/v1/auth/step-up', { body })));
  }

  /** Ends the session here even where the server cannot be told. */
  async logout(): Promise<void> {
    try {
      await ok(this.api.POST('/api/v1/auth/logout'));
    } finally {
      this.session.end();
    }
  }

  /** With a key: a session with which a customer of the shop buys in the browser. */
  buyerSession(eventId: string, body: Schemas['NewBuyerSession']): Promise<Schemas['BuyerSession']> {
    const params = { path: { id: eventId } };
    return ok(this.api.POST('/api/v1/events/{id}/buyer-sessions', { params, body }));
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

  /** A login from a device that is known gets no mail about a new one. */
  private fromHere<Body extends object>(body: Body): Body & { device?: string } {
    const device = this.device.read();
    return device === undefined ? body : { ...body, device };
  }

  /** Hangs up. */
  close(): void {
    this.live.close();
  }
}

/** @param url where the installation is, without a path: `https://tickets.example.org` */
export const createClient = (url: string, options: ClientOptions = {}): EventlyClient =>
  new EventlyClient(url.replace(/\/$/, ''), options);
