import type { FieldError } from '../common/domain-error.js';
import type { AreaLayout } from './layout.js';
import { seatingPlanDocument } from './seating-plan.schemas.js';

export const MOST_SEATS = 100_000;
const MOST_ZONES = 5_000;
const MOST_ROWS = 50_000;
const MOST_SHAPES = 20_000;
const MOST_CATEGORIES = 500;
const MOST_AREAS = 500;
const DEEPEST = 32;
const MOST_PLACES = 1_000_000;

/**
 * Every problem of a plan, each with its path in the request; empty when it can be imported.
 * What is too large or too deep is said alone, so that hostile input costs no more than a walk.
 */
export function checkPlan(
  plan: unknown,
  accessible: readonly string[],
  areas: readonly AreaLayout[],
): FieldError[] {
  if (isDeeperThan(plan, DEEPEST))
    return [{ path: 'plan', message: `is nested deeper than ${DEEPEST} levels` }];
  const parts = walk(plan);
  const tooLarge = checkCounts(parts, areas.length);
  if (tooLarge.length > 0) return tooLarge;
  return [
    ...checkForm(plan),
    ...checkCategories(parts),
    ...checkSeats(parts),
    ...checkAccessible(parts, accessible),
    ...checkAreas(parts, areas),
    ...checkNotEmpty(parts, areas),
  ];
}

interface Placed {
  path: string;
  value: Record<string, unknown>;
}

interface Parts {
  categories: Placed[];
  zones: Placed[];
  rows: Placed[];
  seats: Placed[];
  shapes: Placed[];
}

/** The parts of a document that may be broken anywhere: what is not an object is left to `checkForm`. */
function walk(plan: unknown): Parts {
  const root: Placed = { path: 'plan', value: isObject(plan) ? plan : {} };
  const zones = members(root, 'zones');
  const rows = zones.flatMap((zone) => members(zone, 'rows'));
  return {
    categories: members(root, 'categories'),
    zones,
    rows,
    seats: rows.flatMap((row) => members(row, 'seats')),
    shapes: zones.flatMap((zone) => members(zone, 'areas')),
  };
}

function members(parent: Placed, key: string): Placed[] {
  const list = parent.value[key];
  if (!Array.isArray(list)) return [];
  return list.flatMap((value, i) => (isObject(value) ? [{ path: `${parent.path}.${key}.${i}`, value }] : []));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Walks level by level and not by recursion: a body of 32 MiB can nest millions of levels. */
function isDeeperThan(value: unknown, levels: number): boolean {
  let level: object[] = [{ value }];
  for (let depth = 0; depth <= levels; depth++) {
    const next: object[] = [];
    for (const parent of level)
      for (const child of Object.values(parent))
        if (typeof child === 'object' && child !== null) next.push(child);
    if (next.length === 0) return false;
    level = next;
  }
  return true;
}

function checkCounts(parts: Parts, areas: number): FieldError[] {
  const bounds: [path: string, what: string, count: number, most: number][] = [
    ['plan.zones', 'seats', parts.seats.length, MOST_SEATS],
    ['plan.zones', 'zones', parts.zones.length, MOST_ZONES],
    ['plan.zones', 'rows', parts.rows.length, MOST_ROWS],
    ['plan.zones', 'drawn areas', parts.shapes.length, MOST_SHAPES],
    ['plan.categories', 'categories', parts.categories.length, MOST_CATEGORIES],
    ['areas', 'areas', areas, MOST_AREAS],
  ];
  return bounds
    .filter(([, , count, most]) => count > most)
    .map(([path, what, count, most]) => ({
      path,
      message: `has ${count} ${what}, at most ${most} are allowed`,
    }));
}

function checkForm(plan: unknown): FieldError[] {
  const parsed = seatingPlanDocument.safeParse(plan);
  if (parsed.success) return [];
  return parsed.error.issues.map((issue) => ({
    path: ['plan', ...issue.path].join('.'),
    message: issue.message,
  }));
}

function checkCategories({ categories }: Parts): FieldError[] {
  return repeated(
    categories.map(({ path, value }) => ({ path: `${path}.name`, key: value.name })),
    'category',
  );
}

function checkSeats({ categories, seats }: Parts): FieldError[] {
  const known = new Set(categories.map(({ value }) => value.name));
  const strangers = seats
    .filter(({ value }) => typeof value.category === 'string' && !known.has(value.category))
    .map(({ path, value }) => ({
      path: `${path}.category`,
      message:
        value.category === '' ? 'must not be empty' : `is not a category of this plan: "${value.category}"`,
    }));
  const guids = seats.map(({ path, value }) => ({ path: `${path}.seat_guid`, key: value.seat_guid }));
  return [...strangers, ...repeated(guids, 'seat')];
}

function checkAccessible({ seats }: Parts, accessible: readonly string[]): FieldError[] {
  const known = new Set(seats.map(({ value }) => value.seat_guid));
  const listed = accessible.map((key, i) => ({ path: `accessible.${i}`, key }));
  return [
    ...listed
      .filter(({ key }) => !known.has(key))
      .map(({ path, key }) => ({ path, message: `is not a seat_guid of this plan: "${key}"` })),
    ...repeated(listed, 'entry'),
  ];
}

/** Areas and categories share the names that price tiers go by, so they must differ from each other too. */
function checkAreas({ categories }: Parts, areas: readonly AreaLayout[]): FieldError[] {
  const taken = new Set(categories.map(({ value }) => String(value.name).toLowerCase()));
  const names = areas.map(({ name }, i) => ({ path: `areas.${i}.name`, key: name.toLowerCase() }));
  return [
    ...areas.flatMap((area, i) => checkArea(area, `areas.${i}`)),
    ...repeated(names, 'area'),
    ...names
      .filter(({ key }) => taken.has(key))
      .map(({ path }) => ({ path, message: 'is also the name of a category' })),
  ];
}

function checkArea({ name, capacity }: AreaLayout, path: string): FieldError[] {
  const problems: FieldError[] = [];
  if (name.trim() === '') problems.push({ path: `${path}.name`, message: 'must not be empty' });
  if (name.trim() !== name)
    problems.push({ path: `${path}.name`, message: 'must not begin or end with white space' });
  if (name.length > 100)
    problems.push({ path: `${path}.name`, message: 'must not be longer than 100 characters' });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is refused
  if (/[\u0000-\u001f\u007f]/.test(name) || !name.isWellFormed())
    problems.push({ path: `${path}.name`, message: 'must not contain control characters' });
  if (!Number.isInteger(capacity) || capacity < 1 || capacity > MOST_PLACES)
    problems.push({ path: `${path}.capacity`, message: `must be a whole number from 1 to ${MOST_PLACES}` });
  return problems;
}

function checkNotEmpty({ seats }: Parts, areas: readonly AreaLayout[]): FieldError[] {
  if (seats.length > 0 || areas.length > 0) return [];
  return [{ path: 'plan.zones', message: 'has no seat, and there is no general-admission area' }];
}

function repeated(entries: { path: string; key: unknown }[], what: string): FieldError[] {
  const first = new Map<unknown, string>();
  const problems: FieldError[] = [];
  for (const { path, key } of entries) {
    if (typeof key !== 'string' || key === '') continue;
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, path);
    else problems.push({ path, message: `repeats the ${what} "${key}" of ${earlier}` });
  }
  return problems;
}
