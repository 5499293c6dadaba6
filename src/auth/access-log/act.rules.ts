/** Members of bodies that say what was decided, in words of ours, numbers or ids. Text of people is not kept here. */
const DECISIONS = ['role', 'how', 'amount', 'days', 'handler', 'stream', 'streamId', 'active'] as const;

/** Lists of which only the length says what was decided. */
const COUNTED = ['seats', 'priceTiers'] as const;

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

export interface ActRequest {
  readonly method: string;
  /** The pattern of the route, as Fastify has it. */
  readonly route: string;
  readonly params: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/**
 * True for a request that uses power: it changes something, and either its route requires a role or a permission, or its sender is an
 * administrator, who may act on objects of other people.
 */
export const isAct = (method: string, needsPower: boolean, role: string): boolean =>
  !READS.has(method) && (needsPower || role === 'admin');

/** `PATCH /admin/users/{id}` */
export const actionOf = ({ method, route }: ActRequest): string =>
  `${method} ${route.replace(/^\/api\/v1/, '').replace(/:(\w+)/g, '{$1}')}`;

/** Null for what is no id. */
const idOf = (value: unknown): string | null =>
  typeof value === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value) ? value : null;

/** Id of the object that the path names; ids only, never other parameters. */
export const targetOf = ({ params }: ActRequest): string | null => idOf(params.id);

/** Person or key whom the request names beside that. */
export const subjectOf = ({ params, body }: ActRequest): string | null =>
  idOf(params.member ?? params.key ?? (body as { userId?: unknown } | null)?.userId);

/** Control characters are left out: PostgreSQL's JSON takes no NUL, and the answer to a bad body is its reader's. */
const plain = (value: unknown): unknown =>
  typeof value === 'string'
    ? value
        .slice(0, 100)
        .toWellFormed()
        .replace(/\p{Cc}/gu, '')
    : value;

export function decisionsOf({ body }: ActRequest): Record<string, unknown> {
  if (typeof body !== 'object' || body === null) return {};
  const given = body as Record<string, unknown>;
  const said = DECISIONS.filter((name) => ['string', 'number', 'boolean'].includes(typeof given[name]));
  const counted = COUNTED.filter((name) => Array.isArray(given[name]));
  return {
    ...Object.fromEntries(said.map((name) => [name, plain(given[name])])),
    ...Object.fromEntries(counted.map((name) => [name, (given[name] as unknown[]).length])),
  };
}
