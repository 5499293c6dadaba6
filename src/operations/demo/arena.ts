/**
 * A made-up arena of 50,000 seats as a seating-plan document: three tiers of sections around an oval, rows that grow
 * with their distance from the middle, aisles between sections and, in long rows, inside of them. Always the same.
 * One metre is 48 units.
 */

const SEATS = 50_000;
const SPACING = 24;
const ROW_DEPTH = 38;
const HALF_AISLE = 30;
/** Rows from this length on have an aisle in their middle, so that nobody passes more than two dozen others. */
const SPLIT_FROM = 24;
const INNER_AISLE = 40;
const ACCESSIBLE_PER_SECTION = 12;
const FLOOR = { a: 2_880, b: 2_016 };
const CENTRE = { x: 5_500, y: 4_640 };
const STEPS = 24;

interface Tier {
  first: number;
  sections: number;
  rows: number;
  /** Distance of the first row from the edge of the floor. */
  from: number;
  sides: string;
  ends: string;
}

const TIERS: Tier[] = [
  { first: 101, sections: 40, rows: 22, from: 0, sides: 'Lower side', ends: 'Lower end' },
  { first: 201, sections: 40, rows: 14, from: 960, sides: 'Club', ends: 'Club' },
  { first: 301, sections: 48, rows: 23, from: 1_620, sides: 'Upper side', ends: 'Upper end' },
];

const CATEGORIES = [
  { name: 'Lower side', color: '#b5179e' },
  { name: 'Lower end', color: '#7209b7' },
  { name: 'Club', color: '#f4a300' },
  { name: 'Upper side', color: '#3a86ff' },
  { name: 'Upper end', color: '#2a9d8f' },
];

interface Point {
  x: number;
  y: number;
}

interface ArenaRow {
  number: number;
  seats: Point[];
}

interface Section {
  name: string;
  tier: Tier;
  category: string;
  rows: ArenaRow[];
  /** Where its name is written: outside of its last row. */
  caption: Point;
}

export function arena() {
  const sections = TIERS.flatMap(sectionsOf);
  trim(sections);
  return { plan: documentOf(sections), accessible: sections.flatMap(accessibleSeats) };
}

function sectionsOf(tier: Tier): Section[] {
  const bounds = equalParts(tier.sections, tier.from);
  return Array.from({ length: tier.sections }, (_, i) => {
    const [begin, end] = [bounds[i]!, bounds[i + 1]!];
    const middle = (begin + end) / 2;
    return {
      name: String(tier.first + i),
      tier,
      category: Math.abs(Math.sin(middle)) > 0.6 ? tier.sides : tier.ends,
      rows: Array.from({ length: tier.rows }, (_, row) => ({
        number: row + 1,
        seats: placeSeats(begin, end, tier.from + row * ROW_DEPTH),
      })),
      caption: onOval(middle, tier.from + (tier.rows + 0.5) * ROW_DEPTH),
    };
  });
}

function onOval(angle: number, distance: number): Point {
  return {
    x: CENTRE.x + (FLOOR.a + distance) * Math.cos(angle),
    y: CENTRE.y + (FLOOR.b + distance) * Math.sin(angle),
  };
}

/** Points along the oval with their way from `begin`. */
function path(begin: number, end: number, distance: number, steps: number): (Point & { way: number })[] {
  const points: (Point & { way: number })[] = [];
  for (let i = 0; i <= steps; i++) {
    const point = onOval(begin + ((end - begin) * i) / steps, distance);
    const last = points.at(-1);
    points.push({ ...point, way: last ? last.way + Math.hypot(point.x - last.x, point.y - last.y) : 0 });
  }
  return points;
}

/** Angles that divide the oval into parts of equal length. */
function equalParts(parts: number, distance: number): number[] {
  const steps = 3_600;
  const points = path(0, 2 * Math.PI, distance, steps);
  const total = points.at(-1)!.way;
  return Array.from({ length: parts + 1 }, (_, part) => {
    const index = points.findIndex(({ way }) => way >= (total * part) / parts - 1e-6);
    return (2 * Math.PI * index) / steps;
  });
}

function placeSeats(begin: number, end: number, distance: number): Point[] {
  const line = path(begin, end, distance, STEPS);
  const room = line.at(-1)!.way - 2 * HALF_AISLE;
  const whole = Math.floor(room / SPACING) + 1;
  const split = whole >= SPLIT_FROM;
  const count = split ? Math.floor((room - INNER_AISLE) / SPACING) + 1 : whole;
  const used = (count - 1) * SPACING + (split ? INNER_AISLE : 0);
  const start = HALF_AISLE + (room - used) / 2;
  return Array.from({ length: count }, (_, i) => {
    const aisle = split && i >= count / 2 ? INNER_AISLE : 0;
    return at(line, start + i * SPACING + aisle);
  });
}

function at(line: (Point & { way: number })[], way: number): Point {
  const next = Math.max(
    1,
    line.findIndex((point) => point.way >= way),
  );
  const [from, to] = [line[next - 1]!, line[next]!];
  const share = (way - from.way) / (to.way - from.way);
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

/** Takes what is above 50,000 from the ends of the uppermost rows, round by round. */
function trim(sections: Section[]): void {
  const upper = sections.filter(({ tier }) => tier === TIERS.at(-1)).flatMap(({ rows }) => rows.toReversed());
  let surplus = sections.reduce(
    (sum, { rows }) => sum + rows.reduce((n, row) => n + row.seats.length, 0),
    -SEATS,
  );
  while (surplus > 0)
    for (const row of upper) {
      if (surplus === 0) break;
      row.seats.pop();
      surplus--;
    }
}

const guid = (section: Section, row: ArenaRow, seat: number) => `${section.name}-${row.number}-${seat + 1}`;

/** The last row of the lower tier is level with the entrances. */
function accessibleSeats(section: Section): string[] {
  const row = section.rows.at(-1)!;
  if (section.tier !== TIERS[0]) return [];
  return Array.from({ length: ACCESSIBLE_PER_SECTION }, (_, i) => guid(section, row, i));
}

function documentOf(sections: Section[]) {
  const stage = {
    shape: 'ellipse',
    position: CENTRE,
    ellipse: { radius: { x: FLOOR.a - 260, y: FLOOR.b - 260 } },
    rotation: 0,
    color: '#d8e2dc',
    border_color: '#6c757d',
    text: { text: 'Stage', position: { x: 0, y: 0 }, color: '#333333', size: 160 },
  };
  return {
    name: 'Evently Arena',
    categories: CATEGORIES,
    zones: [
      ...sections.map(zoneOf),
      { name: 'Floor', zone_id: 'floor', position: { x: 0, y: 0 }, rows: [], areas: [stage] },
    ],
    size: { width: 2 * CENTRE.x, height: 2 * CENTRE.y },
  };
}

function zoneOf(section: Section) {
  const origin = rounded(section.rows[0]!.seats[0]!);
  return {
    name: section.name,
    zone_id: `section-${section.name}`,
    position: origin,
    rows: section.rows.map((row) => rowOf(section, row, origin)),
    areas: [
      {
        shape: 'text',
        position: relative(section.caption, origin),
        rotation: 0,
        text: { text: section.name, position: { x: 0, y: 0 }, color: '#333333', size: 48 },
      },
    ],
  };
}

function rowOf(section: Section, row: ArenaRow, zone: Point) {
  const origin = rounded(row.seats[0]!);
  return {
    row_number: String(row.number),
    row_number_position: 'both',
    position: relative(origin, zone),
    seats: row.seats.map((seat, i) => ({
      seat_guid: guid(section, row, i),
      seat_number: String(i + 1),
      position: relative(seat, origin),
      category: section.category,
    })),
  };
}

const tenth = (value: number) => Math.round(value * 10) / 10;
const rounded = ({ x, y }: Point): Point => ({ x: tenth(x), y: tenth(y) });
const relative = (point: Point, origin: Point): Point =>
  rounded({ x: point.x - origin.x, y: point.y - origin.y });
