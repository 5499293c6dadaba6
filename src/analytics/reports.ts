import type {
  CauseFigures,
  Figures,
  PlaceFigures,
  Point,
  PopularFigures,
  SectionFigures,
} from './analytics.schemas.js';
import { COUNTED, define, MONEY, PLACED, WAITED } from './definitions.rules.js';
import type { Cell, Report } from './report.js';

interface Compared {
  readonly current: Figures;
  readonly previous: Figures | null;
}

interface EventSales extends Compared {
  readonly eventId: string;
  readonly title: string;
  readonly timezone: string;
  readonly currency: string;
  readonly places: PlaceFigures;
  readonly sections: readonly SectionFigures[];
  readonly soldOutAt: string | null;
  readonly minutesToSellOut: number | null;
}

/** A line for each number, because they are of different kinds. */
const LONG = ['part', 'name', 'number', 'value'];
type Line = [part: string, name: string, number: string, value: Cell];

function* linesOf({ current, previous }: Compared): Generator<Line> {
  for (const [part, figures] of Object.entries({ current, previous })) {
    if (!figures) continue;
    const { from, to, revenue, waitlist, ...counted } = figures;
    for (const [number, value] of Object.entries({ from, to, ...counted })) yield [part, '', number, value];
    for (const { currency, ...money } of revenue)
      for (const [number, value] of Object.entries(money)) yield [part, currency, number, value];
    for (const [number, value] of Object.entries(waitlist)) yield [part, 'waitlist', number, value];
  }
}

export const summaryReport = (compared: Compared): Report => ({
  name: 'summary',
  body: { ...compared, definitions: define([...COUNTED, ...MONEY, ...WAITED]) },
  columns: LONG,
  rows: linesOf(compared),
});

export const eventReport = (sales: EventSales): Report => ({
  name: 'event',
  body: {
    ...sales,
    definitions: define([...COUNTED, ...MONEY, ...WAITED, ...PLACED, 'soldOutAt', 'minutesToSellOut']),
  },
  columns: LONG,
  rows: eventLines(sales),
});

function* eventLines(sales: EventSales): Generator<Line> {
  yield* linesOf(sales);
  for (const [number, value] of Object.entries(sales.places)) yield ['places', '', number, value];
  for (const { kind, name, ...place } of sales.sections)
    for (const [number, value] of Object.entries(place)) yield [kind, name, number, value];
  yield ['sale', '', 'soldOutAt', sales.soldOutAt];
  yield ['sale', '', 'minutesToSellOut', sales.minutesToSellOut];
}

export const popularReport = (data: readonly PopularFigures[]): Report => ({
  name: 'popular',
  body: {
    data,
    definitions: define(['orders', 'tickets', 'cancelled', ...MONEY, 'valid', 'sellable', 'utilization']),
  },
  columns: [
    'eventId',
    'title',
    'startsAt',
    'orders',
    'tickets',
    'cancelled',
    'currency',
    'gross',
    'refunded',
    'net',
    'valid',
    'sellable',
    'utilization',
  ],
  rows: data.map(({ title, ...event }) => {
    const { eventId, startsAt, ...numbers } = event;
    return [eventId, title, startsAt, ...Object.values(numbers)];
  }),
});

/** A line for each currency; without any sales an empty one. */
function* pointLines(data: readonly Point[]): Generator<Cell[]> {
  for (const { at, local, holds, orders, tickets, returned, revenue } of data) {
    const counts = [at, local, holds, orders, tickets, returned];
    if (revenue.length === 0) yield [...counts, null, 0, 0, 0];
    for (const { currency, gross, refunded, net } of revenue)
      yield [...counts, currency, gross, refunded, net];
  }
}

export const timeseriesReport = (interval: 'day' | 'hour', data: readonly Point[]): Report => ({
  name: 'timeseries',
  body: { interval, data, definitions: define(['holds', 'orders', 'tickets', 'returned', ...MONEY]) },
  columns: ['at', 'local', 'holds', 'orders', 'tickets', 'returned', 'currency', 'gross', 'refunded', 'net'],
  rows: pointLines(data),
});

interface Cancellations {
  readonly tickets: number;
  readonly cancelled: number;
  readonly cancellationRate: number | null;
  readonly causes: readonly CauseFigures[];
}

export const cancellationsReport = (cancellations: Cancellations): Report => ({
  name: 'cancellations',
  body: {
    ...cancellations,
    definitions: define([
      'tickets',
      'cancelled',
      'cancellationRate',
      'cause',
      'refunds',
      'returned',
      'refunded',
    ]),
  },
  columns: ['cause', 'currency', 'refunds', 'returned', 'refunded'],
  rows: cancellations.causes.map(({ cause, currency, refunds, returned, refunded }) => [
    cause,
    currency,
    refunds,
    returned,
    refunded,
  ]),
});
