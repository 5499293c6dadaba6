import type { AreaLayout, Layout, SeatLayout } from './layout.js';
import { orderRow, type Point, runsOf } from './row.rules.js';
import type { Row, SeatingPlanDocument, Zone } from './seating-plan.schemas.js';
import { cssColor, shapeOf } from './shape.rules.js';

const DEFAULT_COLOR = '#7f8c8d';
const MARGIN = 20;

/** The layout of a document that `checkPlan` found without problems. The same document always gives the same numbers. */
export function buildLayout(
  plan: SeatingPlanDocument,
  accessible: readonly string[],
  areas: readonly AreaLayout[],
): Layout {
  const categories = plan.categories.map(({ name, color }) => ({
    name,
    color: cssColor(color) ?? DEFAULT_COLOR,
  }));
  const seats = numberSeats(plan, new Set(accessible));
  const shapes = plan.zones.flatMap((zone) => (zone.areas ?? []).map((area) => shapeOf(area, zone.position)));
  const extent = plan.size ?? extentOf([...seats, ...shapes]);
  return {
    name: plan.name,
    width: extent.width,
    height: extent.height,
    sections: plan.zones.map(sectionName),
    unnamed: unnamedZone(plan.zones),
    categories,
    seats,
    areas: areas.map(({ name, capacity }) => ({ name, capacity })),
    shapes,
  };
}

function numberSeats(plan: SeatingPlanDocument, accessible: Set<string>): SeatLayout[] {
  const category = new Map(plan.categories.map(({ name }, i) => [name, i]));
  const seats: SeatLayout[] = [];
  let run = -1;
  plan.zones.forEach((zone, section) => {
    for (const row of zone.rows) {
      const placed = orderRow(row.seats.map((seat) => ({ seat, ...absolute(zone, row, seat.position) })));
      const runs = runsOf(placed);
      placed.forEach(({ seat, x, y }, i) => {
        if (i === 0 || runs[i] !== runs[i - 1]) run++;
        seats.push({
          n: seats.length,
          guid: seat.seat_guid,
          label: labelOf(zone, row, seat.seat_number),
          section,
          row: row.row_number,
          number: seat.seat_number,
          category: category.get(seat.category)!,
          accessible: accessible.has(seat.seat_guid),
          run,
          x,
          y,
        });
      });
    }
  });
  return withUniqueLabels(seats);
}

function absolute(zone: Zone, row: Row, { x, y }: Point): Point {
  return {
    x: thousandth(zone.position.x + (row.position?.x ?? 0) + x),
    y: thousandth(zone.position.y + (row.position?.y ?? 0) + y),
  };
}

/** Sums of decimals otherwise come with 15 digits, in 50,000 seats. */
function thousandth(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

function sectionName(zone: Zone, index: number): string {
  return zone.name?.trim() || `Zone ${index + 1}`;
}

/** Several zones without names are told apart by those that stand in for them. */
function unnamedZone(zones: readonly Zone[]): number | undefined {
  const unnamed = zones.filter(
    ({ name, rows }) => !name?.trim() && rows.some(({ seats }) => seats.length > 0),
  );
  return unnamed.length === 1 ? zones.indexOf(unnamed[0]!) : undefined;
}

function labelOf(zone: Zone, row: Row, seat: string): string {
  return [zone.name, row.row_number, seat].filter((part) => part?.trim()).join('-');
}

/** Seats whose label is shared go by their guid; if a guid reads like another's label, all do. */
function withUniqueLabels(seats: SeatLayout[]): SeatLayout[] {
  const uses = new Map<string, number>();
  for (const { label } of seats) uses.set(label, (uses.get(label) ?? 0) + 1);
  const labels = seats.map(({ label, guid }) => (label === '' || uses.get(label)! > 1 ? guid : label));
  const unique = new Set(labels).size === labels.length;
  return seats.map((seat, i) => ({ ...seat, label: unique ? labels[i]! : seat.guid }));
}

/** Plans of the older form may come without a size. */
function extentOf(points: Point[]): { width: number; height: number } {
  const reach = (of: (point: Point) => number) =>
    points.reduce((most, point) => Math.max(most, of(point)), 0) + MARGIN;
  return { width: reach((point) => point.x), height: reach((point) => point.y) };
}
