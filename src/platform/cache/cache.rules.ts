/** Tags of the answers that depend on a fact: those about all objects of its kind, and those about its own object. */
export const tagsOf = (stream: string, streamId: string): string[] => [stream, `${stream}:${streamId}`];

/** `event:{id}` with the parameters of a request, which the start has checked to be there. Ids are lower case in facts, whatever the address says. */
export const fillTag = (template: string, params: Readonly<Record<string, string>>): string =>
  template.replace(/\{(\w+)\}/g, (_, name: string) => params[name]!.toLowerCase());

/** One key for all orders of the same query. */
export function keyOf(url: string): string {
  const start = url.indexOf('?') + 1;
  if (start === 0 || !url.includes('&', start)) return url;
  return url.slice(0, start) + url.slice(start).split('&').sort().join('&');
}

const PRIVATE = /^(\d+):/;
/** Nest's numbers of the handler arguments query and path. Every other argument may differ from client to client. */
const SAME_FOR_ALL = new Set(['4', '5']);

export interface RouteFacts {
  readonly isGet: boolean;
  readonly isPublic: boolean;
  readonly hasRoles: boolean;
  readonly isStatic: boolean;
  /** Nest's metadata of the handler's parameters, by `kind:index`. */
  readonly parameters: Readonly<Record<string, { factory?: unknown }>>;
  readonly params: readonly string[];
  readonly tags: readonly string[];
}

/**
 * Why the answers of a route must not be kept; empty when they may. `principal`: the one parameter that is taken away.
 */
export function cachingProblems(route: RouteFacts, principal: unknown): string[] {
  const problems: string[] = [];
  if (!route.isGet) problems.push('is no GET route');
  if (!route.isPublic || route.hasRoles) problems.push('is not open to everyone');
  if (!route.isStatic) problems.push('is made anew for each request');
  for (const [key, { factory }] of Object.entries(route.parameters)) {
    const kind = PRIVATE.exec(key)?.[1];
    const allowed = kind === undefined ? factory === principal : SAME_FOR_ALL.has(kind);
    if (!allowed) problems.push('takes more of the request than path, query and @CurrentUser()');
  }
  for (const tag of route.tags)
    for (const [, name] of tag.matchAll(/\{(\w+)\}/g))
      if (!route.params.includes(name!)) problems.push(`has no parameter {${name}} for the tag ${tag}`);
  return problems;
}
