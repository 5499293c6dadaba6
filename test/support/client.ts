import { Agent } from 'undici';

/** Bodies have the shape that the test expects and asserts. */
// biome-ignore lint/suspicious/noExplicitAny: typing every answer would only repeat the schemas under test
export type Json = any;

export interface Answer {
  readonly status: number;
  /** Parsed JSON, a Buffer for `application/octet-stream`, otherwise text; undefined when empty. */
  readonly body: Json;
  readonly headers: Record<string, string>;
}

type Headers = Record<string, string>;

/** Wide enough for a thousand requests at once, each on a connection of its own, kept open between rushes. */
export const createAgent = (connections = 1024): Agent =>
  new Agent({ connections, pipelining: 1, headersTimeout: 120_000, bodyTimeout: 120_000 });

/** Requests below /api/v1 as one person, or as nobody. Paths that begin with `//` start at the root: `//docs`. */
export class Client {
  constructor(
    private readonly origin: string,
    private readonly agent: Agent,
    private readonly token?: string,
  ) {}

  get = (path: string, headers?: Headers) => this.send('GET', path, undefined, headers);
  post = (path: string, body?: Json, headers?: Headers) => this.send('POST', path, body, headers);
  put = (path: string, body?: Json, headers?: Headers) => this.send('PUT', path, body, headers);
  patch = (path: string, body?: Json, headers?: Headers) => this.send('PATCH', path, body, headers);
  delete = (path: string, body?: Json, headers?: Headers) => this.send('DELETE', path, body, headers);

  /** Strings and Buffers are sent as they are (malformed JSON, other content types); the rest as JSON. */
  async send(method: string, path: string, body?: Json, headers: Headers = {}): Promise<Answer> {
    const raw = body === undefined || typeof body === 'string' || Buffer.isBuffer(body);
    const response = await this.agent.request({
      origin: this.origin,
      path: path.startsWith('//') ? path.slice(1) : `/api/v1${path}`,
      method: method as 'GET',
      body: raw ? body : JSON.stringify(body),
      headers: {
        ...(this.token && { authorization: `Bearer ${this.token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
    });
    const bytes = Buffer.from(await response.body.arrayBuffer());
    const flat = Object.fromEntries(
      Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
    );
    return { status: response.statusCode, body: parse(bytes, flat['content-type'] ?? ''), headers: flat };
  }
}

function parse(bytes: Buffer, type: string): Json {
  if (bytes.length === 0) return undefined;
  if (type.startsWith('application/octet-stream')) return bytes;
  return /[/+]json\b/.test(type) ? JSON.parse(bytes.toString('utf8')) : bytes.toString('utf8');
}
