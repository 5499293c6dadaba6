import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import Provider, { type Configuration } from 'oidc-provider';

/** Somebody who has a login at the provider, by their subject there. */
export interface Known {
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
  /** Ways in which they log in, as the provider says. */
  readonly amr?: string[];
}

/** Answers a request in place of the provider. @returns whether it did */
export type Tamper = (path: string, request: IncomingMessage, response: ServerResponse) => boolean;

export const CLIENT = { id: 'evently', secret: 'a-secret-of-the-provider' };

const page = (uid: string): string =>
  `<!doctype html><html lang="en"><title>Provider</title><h1>Log in at the provider</h1>
   <form method="post" action="/interaction/${uid}"><label>Login <input name="login" required></label>
   <button name="go" value="in">Log in</button> <button name="go" value="no" formnovalidate>Cancel</button></form></html>`;

/** A provider of OpenID Connect on loopback: `oidc-provider` itself with a page of one field. PKCE is a must there. */
export class IdProvider {
  readonly people = new Map<string, Known>();
  /** Authorization requests, as the provider saw them. */
  readonly asked: URLSearchParams[] = [];
  /** Answers of the token endpoint, as they were sent. */
  readonly issued: string[] = [];
  tamper: Tamper = () => false;
  /** Seconds since which somebody is logged in there, when they are only remembered. */
  private readonly since = new Map<string, number>();
  private provider: Provider | undefined;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<IdProvider> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const made = new IdProvider(server);
    server.on('request', (request, response) => void made.handle(request, response));
    return made;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.server.address() as { port: number }).port}`;
  }

  /** Lets the client come back to these addresses only. */
  allow(...redirectUris: string[]): void {
    const configuration: Configuration = {
      clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: redirectUris }],
      pkce: { required: () => true },
      cookies: { keys: ['a key of this test'] },
      scopes: ['openid', 'email', 'profile'],
      claims: { openid: ['sub', 'amr', 'auth_time'], email: ['email', 'email_verified'], profile: ['name'] },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_, { uid }) => `/interaction/${uid}` },
      findAccount: (_, sub) => {
        const known = this.people.get(sub);
        return known && { accountId: sub, claims: async () => ({ sub, ...known }) };
      },
      ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, IdToken: 600 },
      // Nobody is asked whether the shop may know the address.
      loadExistingGrant: async (ctx) => {
        const { Grant } = ctx.oidc.provider;
        const grant = new Grant({
          clientId: ctx.oidc.client!.clientId,
          accountId: ctx.oidc.session!.accountId!,
        });
        grant.addOIDCScope('openid email profile');
        await grant.save();
        return grant;
      },
    };
    const { warn, info } = console;
    // It warns of what a test is.
    console.warn = console.info = () => {};
    this.provider = new Provider(this.issuer, configuration);
    Object.assign(console, { warn, info });
  }

  /** Lets somebody be logged in since a while before now. */
  remembers(subject: string, seconds: number): void {
    this.since.set(subject, Math.floor(Date.now() / 1000) + seconds);
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url!, this.issuer);
    if (this.tamper(pathname, request, response)) return;
    if (pathname === '/auth') this.asked.push(searchParams);
    if (pathname === '/token') this.record(response);
    const uid = /^\/interaction\/([\w-]+)$/.exec(pathname)?.[1];
    if (!uid) return void this.provider!.callback()(request, response);
    if (request.method === 'GET')
      return void response.writeHead(200, { 'content-type': 'text/html' }).end(page(uid));
    let body = '';
    for await (const chunk of request) body += chunk;
    const form = new URLSearchParams(body);
    const accountId = form.get('login')!;
    const result =
      form.get('go') === 'no'
        ? { error: 'access_denied' }
        : {
            login: {
              accountId,
              amr: this.people.get(accountId)?.amr ?? ['pwd'],
              ts: this.since.get(accountId),
            },
          };
    await this.provider!.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  }

  private record(response: ServerResponse): void {
    const end = response.end.bind(response);
    response.end = ((chunk?: unknown, ...rest: []) => {
      if (chunk) this.issued.push(String(chunk));
      return end(chunk as never, ...rest);
    }) as typeof response.end;
  }
}
