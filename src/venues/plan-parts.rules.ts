const DEEPEST = 32;
/** 100,000 seats with positions are 200,000 objects. */
const MOST_OBJECTS = 1_000_000;
const MOST_VALUES = 4_000_000;

/** A value of a document with its path in the request. */
export interface Placed {
  path: string;
  value: unknown;
}

export interface Parts {
  plan: Placed;
  categories: Placed[];
  zones: Placed[];
  rows: Placed[];
  seats: Placed[];
  shapes: Placed[];
}

/** The parts of a document that may be broken anywhere. */
export function walk(value: unknown): Parts {
  const plan: Placed = { path: 'plan', value };
  const zones = members(plan, 'zones');
  const rows = zones.flatMap((zone) => members(zone, 'rows'));
  return {
    plan,
    categories: members(plan, 'categories'),
    zones,
    rows,
    seats: rows.flatMap((row) => members(row, 'seats')),
    shapes: zones.flatMap((zone) => members(zone, 'areas')),
  };
}

function members(parent: Placed, key: string): Placed[] {
  const list = field(parent, key);
  if (!Array.isArray(list)) return [];
  return list.map((value, i) => ({ path: `${parent.path}.${key}.${i}`, value }));
}

export function field({ value }: Placed, key: string): unknown {
  return isObject(value) ? value[key] : undefined;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reason why a document is too large to check; undefined when it is not. Walks level by level and not by recursion: a
 * body of 32 MiB can nest millions of levels.
 */
export function tooLarge(value: unknown): string | undefined {
  let level: unknown[] = [value];
  let objects = 0;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return `is nested deeper than ${DEEPEST} levels`;
    const next: unknown[] = [];
    for (const parent of level) {
      if (typeof parent !== 'object' || parent === null) continue;
      if (++objects > MOST_OBJECTS) return `has more than ${MOST_OBJECTS} objects and lists`;
      const children = Array.isArray(parent) ? parent : Object.values(parent);
      if (next.length + children.length > MOST_VALUES)
        return `has more than ${MOST_VALUES} values on one level`;
      for (const child of children) next.push(child);
    }
    level = next;
  }
  return undefined;
}

export interface Keyed {
  path: string;
  key: unknown;
}

/** One field of each part, with the path of the field. */
export function each(parts: Placed[], name: string): Keyed[] {
  return parts.map((part) => ({ path: `${part.path}.${name}`, key: field(part, name) }));
}
