import type { TFunction } from '../../i18n/index.js';

type Part = Record<string, unknown>;

/** Fields of a plan that people know by another name. */
const NAMES = {
  seat_guid: 'id',
  seat_number: 'number',
  row_number: 'number',
  category: 'category',
  position: 'position',
  name: 'name',
  color: 'color',
  capacity: 'places',
} as const;

const isNamed = (field: string): field is keyof typeof NAMES => field in NAMES;

interface Found {
  /** Path in the request: `plan.zones.0.rows.0.seats.2.category`. */
  readonly path: string;
  readonly message: string;
}

/**
 * A problem of a plan as a sentence, with the place as people name it: "Seat 3 in row 1 of A: …".
 *
 * @param plan as it was sent; it may be broken anywhere
 * @param told text for a message about a field
 */
export function planProblem(
  t: TFunction,
  plan: unknown,
  { path, message }: Found,
  told: (message: string) => string,
): string {
  const { place, field } = placeOf(t, plan, path);
  const name = isNamed(field) ? t(`desk.problem.fields.${NAMES[field]}`) : field;
  if (message === 'is missing' || message === 'must not be empty')
    return t('desk.problem.missing', { place, name });
  const relation = relationOf(t, plan, message);
  const what = relation ?? (name ? t('desk.problem.field', { name, what: told(message) }) : told(message));
  return t('desk.problem.at', { place, what });
}

/** A problem with other parts of the plan. */
function relationOf(t: TFunction, plan: unknown, message: string): string | undefined {
  const category = /^is not a category of this plan: "(.*)"$/.exec(message);
  if (category) return t('desk.problem.noCategory', { category: category[1] });
  const seat = /^is not a seat_guid of this plan: "(.*)"$/.exec(message);
  if (seat) return t('desk.problem.noSeat', { id: seat[1] });
  const twice = /^repeats the \w+ "(.*)" of (.*)$/.exec(message);
  if (twice) return t('desk.problem.twice', { value: twice[1], place: placeOf(t, plan, twice[2]!).place });
  if (message === 'is also the name of a category') return t('desk.problem.alsoCategory');
  if (message.startsWith('has no seat, and')) return t('desk.problem.empty');
  const count = /^has (\d+) (.*), at most (\d+) are allowed$/.exec(message);
  if (count) return t('desk.problem.tooMany', { count: Number(count[1]), most: count[3] });
  return undefined;
}

/** Place that a path leads to, and the field of it. */
function placeOf(t: TFunction, plan: unknown, path: string): { place: string; field: string } {
  const keys = path.split('.');
  const [list, at] = keys;
  if (list === 'areas') return { place: nth(t, 'area', at), field: keys[2] ?? '' };
  if (list === 'accessible') return { place: t('desk.problem.wheelchair', { n: counted(at) }), field: '' };
  const [, part, first, kind, second, , third, ...rest] = keys;
  if (part === 'categories') return { place: nth(t, 'category', first), field: kind ?? '' };
  if (part !== 'zones' || first === undefined) return { place: t('desk.problem.plan'), field: part ?? '' };
  const zone = member(plan, 'zones', first);
  const zoneName = textOf(zone, 'name') ?? nth(t, 'zone', first);
  if (kind === 'areas')
    return { place: t('desk.problem.shape', { n: counted(second), zone: zoneName }), field: keys[5] ?? '' };
  if (kind !== 'rows' || second === undefined) return { place: zoneName, field: kind ?? '' };
  const row = member(zone, 'rows', second);
  const rowName = textOf(row, 'row_number') ?? counted(second);
  if (keys[5] !== 'seats' || third === undefined)
    return { place: t('desk.problem.row', { row: rowName, zone: zoneName }), field: keys[5] ?? '' };
  const seat = textOf(member(row, 'seats', third), 'seat_number') ?? counted(third);
  return { place: t('desk.problem.seat', { seat, row: rowName, zone: zoneName }), field: rest[0] ?? '' };
}

const counted = (index: string | undefined): string => `${Number(index) + 1}`;

const nth = (t: TFunction, what: 'area' | 'category' | 'zone', index: string | undefined): string =>
  t(`desk.problem.${what}`, { n: counted(index) });

function member(parent: unknown, list: string, index: string): unknown {
  const found = (parent as Part | undefined)?.[list];
  return Array.isArray(found) ? found[Number(index)] : undefined;
}

function textOf(part: unknown, name: string): string | undefined {
  const value = (part as Part | undefined)?.[name];
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}
