import type { z } from 'zod';
import type { FieldError } from '../platform/common/domain-error.js';
import { issueText } from '../platform/common/issue-texts.js';
import { ONE_LINE, PLAIN } from '../platform/common/schemas.js';
import { isVisible } from '../platform/common/text.rules.js';
import type { AreaLayout } from './layout.js';
import {
  each,
  field,
  isObject,
  type Keyed,
  type Parts,
  type Placed,
  tooLarge,
  walk,
} from './plan-parts.rules.js';
import { areaPart, OUTER_SPACE, planPart, rowPart, seatPart, zonePart } from './seating-plan.schemas.js';

export const MOST_SEATS = 100_000;
const MOST_ZONES = 5_000;
const MOST_ROWS = 50_000;
const MOST_SHAPES = 20_000;
const MOST_POINTS = 10_000;
const MOST_CATEGORIES = 500;
const MOST_AREAS = 500;
export const MOST_PROBLEMS = 2_000;
const MOST_PLACES = 1_000_000;

/**
 * Problems of a plan, each with its path in the request; none when it can be imported. Ends at 2,000: more of them are
 * one mistake repeated. Excessive size is reported alone, so that hostile input costs no more than a walk.
 */
export function checkPlan(
  plan: unknown,
  accessible: readonly string[],
  areas: readonly AreaLayout[],
): FieldError[] {
  const size = tooLarge(plan);
  if (size) return [{ path: 'plan', message: size }];
  const parts = walk(plan);
  const counts = checkCounts(parts, areas.length);
  if (counts.length > 0) return counts;
  const problems: FieldError[] = [];
  for (const problem of allProblems(parts, accessible, areas)) {
    problems.push(problem);
    if (problems.length === MOST_PROBLEMS) break;
  }
  return problems;
}

function* allProblems(
  parts: Parts,
  accessible: readonly string[],
  areas: readonly AreaLayout[],
): Generator<FieldError> {
  yield* checkForm(parts);
  yield* repeated(each(parts.categories, 'name'), 'category');
  yield* checkSeats(parts);
  yield* checkAccessible(parts, accessible);
  yield* checkAreas(parts, areas);
  if (parts.seats.length === 0 && areas.length === 0)
    yield { path: 'plan.zones', message: 'has no seat, and there is no general-admission area' };
}

function checkCounts(parts: Parts, areas: number): FieldError[] {
  const mostPoints = parts.shapes.reduce((most, shape) => Math.max(most, pointsOf(shape)), 0);
  const bounds: [path: string, what: string, count: number, most: number][] = [
    ['plan.zones', 'seats', parts.seats.length, MOST_SEATS],
    ['plan.zones', 'zones', parts.zones.length, MOST_ZONES],
    ['plan.zones', 'rows', parts.rows.length, MOST_ROWS],
    ['plan.zones', 'drawn areas', parts.shapes.length, MOST_SHAPES],
    ['plan.categories', 'categories', parts.categories.length, MOST_CATEGORIES],
    ['plan.zones', 'points in a polygon', mostPoints, MOST_POINTS],
    ['areas', 'areas', areas, MOST_AREAS],
  ];
  return bounds
    .filter(([, , count, most]) => count > most)
    .map(([path, what, count, most]) => ({
      path,
      message: `has ${count} ${what}, at most ${most} are allowed`,
    }));
}

function pointsOf(shape: Placed): number {
  const polygon = field(shape, 'polygon');
  return isObject(polygon) && Array.isArray(polygon.points) ? polygon.points.length : 0;
}

function* checkForm({ plan, zones, rows, seats, shapes }: Parts): Generator<FieldError> {
  yield* checkParts([plan], planPart);
  yield* checkParts(zones, zonePart);
  yield* checkParts(rows, rowPart);
  yield* checkParts(seats, seatPart);
  yield* checkParts(shapes, areaPart);
}

function* checkParts(parts: Placed[], schema: z.ZodType): Generator<FieldError> {
  for (const { path, value } of parts)
    for (const issue of schema.safeParse(value, { error: issueText }).error?.issues ?? [])
      yield { path: [path, ...issue.path].join('.'), message: issue.message };
}

function* checkSeats({ categories, seats }: Parts): Generator<FieldError> {
  const known = new Set(categories.map((category) => field(category, 'name')));
  for (const { path, key } of each(seats, 'category')) {
    if (key === '') yield { path, message: 'must not be empty' };
    else if (typeof key === 'string' && !known.has(key))
      yield { path, message: `is not a category of this plan: ${quoted(key)}` };
  }
  yield* repeated(each(seats, 'seat_guid'), 'seat');
}

function* checkAccessible({ seats }: Parts, accessible: readonly string[]): Generator<FieldError> {
  const known = new Set(seats.map((seat) => field(seat, 'seat_guid')));
  const listed = accessible.map((key, i) => ({ path: `accessible.${i}`, key }));
  for (const { path, key } of listed)
    if (!known.has(key)) yield { path, message: `is not a seat_guid of this plan: ${quoted(key)}` };
  yield* repeated(listed, 'entry');
}

/** Areas and categories share the names that price tiers go by, so they must differ from each other too. */
function* checkAreas({ categories }: Parts, areas: readonly AreaLayout[]): Generator<FieldError> {
  const taken = new Set(categories.map((category) => lower(field(category, 'name'))));
  const names = areas.map(({ name }, i) => ({ path: `areas.${i}.name`, key: lower(name) }));
  for (const [i, area] of areas.entries()) yield* checkArea(area, `areas.${i}`);
  for (const { path, key } of names)
    if (taken.has(key)) yield { path, message: 'is also the name of a category' };
  yield* repeated(names, 'area');
}

function* checkArea({ name, capacity }: AreaLayout, path: string): Generator<FieldError> {
  const wrong = [
    !isVisible(name) && 'must have a visible character',
    name.trim() !== name && OUTER_SPACE,
    name.length > 100 && 'must not be longer than 100 characters',
    !(PLAIN.test(name) && ONE_LINE.test(name)) && 'must not contain control characters',
  ];
  for (const message of wrong) if (message) yield { path: `${path}.name`, message };
  if (!Number.isInteger(capacity) || capacity < 1 || capacity > MOST_PLACES)
    yield { path: `${path}.capacity`, message: `must be a whole number from 1 to ${MOST_PLACES}` };
}

function* repeated(entries: Keyed[], what: string): Generator<FieldError> {
  const first = new Map<unknown, string>();
  for (const { path, key } of entries) {
    if (typeof key !== 'string' || key === '') continue;
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, path);
    else yield { path, message: `repeats the ${what} ${quoted(key)} of ${earlier}` };
  }
}

const lower = (name: unknown): unknown => (typeof name === 'string' ? name.toLowerCase() : undefined);

function quoted(value: unknown): string {
  const text = String(value);
  return `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;
}
