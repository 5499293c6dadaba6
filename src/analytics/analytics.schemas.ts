import { z } from 'zod';
import { uuid } from '../platform/common/schemas.js';
import { daysOf, isClosed, type Period } from './period.rules.js';

const LONGEST = { summary: 3_660, day: 1_100, hour: 62 } as const;

const day = z.iso
  .date()
  .refine((value) => value >= '2000-01-01' && value < '2200-01-01', 'must be a day from 2000 to 2199');
const period = {
  from: day.optional().describe('First day, at the place of each event; absent: from the beginning'),
  to: day.optional().describe('Last day, included; absent: until now'),
  format: z
    .enum(['json', 'csv'])
    .default('json')
    .describe('`csv`: RFC 4180 with a head line, UTF-8, as a stream'),
};
const rank = z.coerce.number().int().min(1).max(1_000).default(20).describe('How many events');
const eventId = uuid.describe('Only this event of yours');

function problem(given: Period, longest: number, context: z.core.$RefinementCtx): void {
  if (!isClosed(given)) return;
  const days = daysOf(given);
  if (days >= 1 && days <= longest) return;
  const message = days < 1 ? 'must not be before from' : `must be at most ${longest} days after from`;
  context.addIssue({ code: 'custom', path: ['to'], message });
}

const withPeriod = <S extends z.ZodRawShape>(more: S) =>
  z
    .strictObject({ ...period, ...more })
    .superRefine((given, context) => problem(given as Period, LONGEST.summary, context));

export const summaryQuery = withPeriod({});
export type SummaryQuery = z.infer<typeof summaryQuery>;
export const popularQuery = withPeriod({ limit: rank });
export type PopularQuery = z.infer<typeof popularQuery>;
export const cancellationsQuery = withPeriod({ eventId: eventId.optional() });
export type CancellationsQuery = z.infer<typeof cancellationsQuery>;
export const timeseriesQuery = z
  .strictObject({
    from: day.describe('First day, at the place of each event'),
    to: day.describe(
      `Last day, included; at most ${LONGEST.day} days, ${LONGEST.hour} by the hour, with the first`,
    ),
    format: period.format,
    interval: z.enum(['day', 'hour']).default('day').describe('`hour` needs eventId'),
    eventId: eventId.optional(),
  })
  .superRefine((given, context) => {
    problem(given, LONGEST[given.interval], context);
    if (given.interval === 'hour' && !given.eventId)
      context.addIssue({
        code: 'custom',
        path: ['eventId'],
        message: 'is needed: hours are those of the place',
      });
  });
export type TimeseriesQuery = z.infer<typeof timeseriesQuery>;

const definitions = z.record(z.string(), z.string()).describe('Meaning of each number, by its name');
const share = z.number().min(0).max(1).nullable();
const count = z.int().min(0);
const money = z.strictObject({
  currency: z.string(),
  gross: z.int(),
  refunded: z.int(),
  net: z.int(),
});
const waitlist = z.strictObject({
  joined: count,
  wanted: count,
  offered: count,
  accepted: count,
  declined: count,
  missed: count,
  gone: count,
  closed: count,
  waiting: count,
});
const figures = z.strictObject({
  from: z.iso.date().nullable(),
  to: z.iso.date().nullable(),
  holds: count,
  open: count,
  released: count,
  expired: count,
  uncaptured: count,
  orders: count,
  conversion: share,
  tickets: count,
  cancelled: count,
  cancellationRate: share,
  returned: count,
  refunds: count,
  revenue: z.array(money).describe('By currency; currencies are never added up'),
  waitlist,
});
export type Figures = z.infer<typeof figures>;
const compared = {
  current: figures,
  previous: figures.nullable().describe('As many days right before; null unless the period has both ends'),
};

const place = z.strictObject({
  capacity: count,
  blocked: count,
  sellable: count,
  valid: count,
  utilization: share,
});
export type PlaceFigures = z.infer<typeof place>;
const section = z.strictObject({ kind: z.enum(['section', 'area']), name: z.string(), ...place.shape });
export type SectionFigures = z.infer<typeof section>;

const FIGURES = {
  from: '2027-03-01',
  to: '2027-03-31',
  holds: 120,
  open: 2,
  released: 6,
  expired: 12,
  uncaptured: 0,
  orders: 100,
  conversion: 0.8333,
  tickets: 210,
  cancelled: 21,
  cancellationRate: 0.1,
  returned: 12,
  refunds: 8,
  revenue: [{ currency: 'EUR', gross: 504000, refunded: 28800, net: 475200 }],
  waitlist: {
    joined: 9,
    wanted: 20,
    offered: 5,
    accepted: 3,
    declined: 1,
    missed: 1,
    gone: 1,
    closed: 0,
    waiting: 3,
  },
};
const COMPARED = { current: FIGURES, previous: { ...FIGURES, from: '2027-01-29', to: '2027-02-28' } };
const DEFINED = { holds: 'Bookings made in the period: …' };
const PLACE = { capacity: 1500, blocked: 20, sellable: 1480, valid: 189, utilization: 0.1277 };
const EVENT_ID = '019ab0c0-0000-7000-8000-0000000000e1';
const HEAD = { eventId: EVENT_ID, title: 'Season opening' };

export const summaryBody = z
  .strictObject({ ...compared, definitions })
  .meta({ id: 'SalesSummary', example: { ...COMPARED, definitions: DEFINED } });

export const eventBody = z
  .strictObject({
    eventId: uuid,
    title: z.string(),
    timezone: z.string(),
    currency: z.string(),
    ...compared,
    places: place,
    sections: z.array(section).describe('Sections and areas that have seats or places'),
    soldOutAt: z.iso.datetime().nullable(),
    minutesToSellOut: count.nullable(),
    definitions,
  })
  .meta({
    id: 'EventSales',
    example: {
      ...HEAD,
      timezone: 'Europe/Berlin',
      currency: 'EUR',
      ...COMPARED,
      places: PLACE,
      sections: [{ kind: 'section', name: 'Block A', ...PLACE }],
      soldOutAt: null,
      minutesToSellOut: null,
      definitions: DEFINED,
    },
  });

const popular = z.strictObject({
  eventId: uuid,
  title: z.string(),
  startsAt: z.iso.datetime(),
  orders: count,
  tickets: count,
  cancelled: count,
  ...money.shape,
  valid: count,
  sellable: count,
  utilization: share,
});
export type PopularFigures = z.infer<typeof popular>;
export const popularBody = z
  .strictObject({ data: z.array(popular).describe('Most tickets of the period first'), definitions })
  .meta({
    id: 'PopularSales',
    example: {
      data: [
        {
          ...HEAD,
          startsAt: '2027-09-04T17:00:00.000Z',
          orders: 100,
          tickets: 210,
          cancelled: 21,
          ...FIGURES.revenue[0],
          valid: 189,
          sellable: 1480,
          utilization: 0.1277,
        },
      ],
      definitions: DEFINED,
    },
  });

const point = z.strictObject({
  at: z.string().describe('A day (2027-03-28), or the instant when an hour began (2027-03-28T01:00:00.000Z)'),
  local: z.string().describe('The same on the clocks of the place: 2027-03-28, 2027-03-28T03:00'),
  holds: count,
  orders: count,
  tickets: count,
  returned: count,
  revenue: z.array(money),
});
export type Point = z.infer<typeof point>;
export const timeseriesBody = z
  .strictObject({
    interval: z.enum(['day', 'hour']),
    data: z
      .array(point)
      .describe('Every day or hour of the period; a day may have 23 or 25 hours, and one hour twice'),
    definitions,
  })
  .meta({
    id: 'SalesTimeseries',
    example: {
      interval: 'hour',
      data: [
        {
          at: '2027-03-28T01:00:00.000Z',
          local: '2027-03-28T03:00',
          holds: 3,
          orders: 2,
          tickets: 5,
          returned: 0,
          revenue: [{ currency: 'EUR', gross: 12000, refunded: 0, net: 12000 }],
        },
      ],
      definitions: DEFINED,
    },
  });

const cause = z.strictObject({
  cause: z.enum(['buyer', 'organizer', 'event', 'goodwill']),
  currency: z.string(),
  refunds: count,
  returned: count,
  refunded: count,
});
export type CauseFigures = z.infer<typeof cause>;
export const cancellationsBody = z
  .strictObject({
    tickets: count,
    cancelled: count,
    cancellationRate: share,
    causes: z.array(cause).describe('Refunds of the period by what they were for'),
    definitions,
  })
  .meta({
    id: 'SalesCancellations',
    example: {
      tickets: 210,
      cancelled: 21,
      cancellationRate: 0.1,
      causes: [{ cause: 'buyer', currency: 'EUR', refunds: 8, returned: 12, refunded: 28800 }],
      definitions: DEFINED,
    },
  });

/** For the socket: what an event has sold so far. */
export const salesNumbers = z
  .strictObject({
    eventId: uuid,
    currency: z.string(),
    holds: count,
    open: count,
    orders: count,
    tickets: count,
    cancelled: count,
    gross: z.int(),
    refunded: z.int(),
    net: z.int(),
    waiting: count,
    valid: count,
    sellable: count,
    utilization: share,
  })
  .meta({
    id: 'SalesNumbers',
    example: {
      eventId: EVENT_ID,
      currency: 'EUR',
      holds: 120,
      open: 2,
      orders: 100,
      tickets: 210,
      cancelled: 21,
      gross: 504000,
      refunded: 28800,
      net: 475200,
      waiting: 3,
      valid: 189,
      sellable: 1480,
      utilization: 0.1277,
    },
  });
export type SalesNumbers = z.infer<typeof salesNumbers>;
