import { isDeepStrictEqual } from 'node:util';
import type { Image } from '../images/images.schemas.js';
import { DomainError, type FieldError } from '../platform/common/domain-error.js';
import type { ErrorCode } from '../platform/common/error-codes.js';
import type { RefundPolicy } from './refund-policy.schemas.js';

export const EVENT_STATUSES = ['draft', 'published', 'cancelled', 'completed'] as const;
export type EventStatus = (typeof EVENT_STATUSES)[number];

/** Price of a seat category, or of one place of an area. */
export interface PriceTier {
  /** Position within the event, from 0. */
  no: number;
  name: string;
  /** Minor units of the event's currency. */
  price: number;
  /** Index into `layout.categories`, or null when the tier is for an area. */
  category: number | null;
  /** Index into `layout.areas`, or null when the tier is for a category. */
  area: number | null;
  /** Name of that category or area. */
  appliesTo: string;
}

/** An event with its price tiers. */
export interface EventRecord {
  id: string;
  organizerId: string;
  venueId: string;
  planId: string;
  title: string;
  description: string;
  category: string;
  status: EventStatus;
  /** For trying things out: seen by members and test keys only, its payments move no money. Never changes. */
  sandbox: boolean;
  startsAt: Date;
  endsAt: Date;
  /** When people are let in; null: not said. */
  doorsAt: Date | null;
  /** Years that a visitor must have; null: not said. */
  minAge: number | null;
  /** Length of the performance with its intervals; null: not said. */
  durationMinutes: number | null;
  /** IANA zone. */
  timezone: string;
  currency: string;
  /** Null: on sale from publishing on. */
  saleStartsAt: Date | null;
  /** Null: on sale until the event ends. */
  saleEndsAt: Date | null;
  /** Null: not paused. */
  salePausedAt: Date | null;
  salePauseReason: string | null;
  maxSeatsPerBooking: number;
  /** Null: no limit. */
  maxSeatsPerBuyer: number | null;
  holdSeconds: number;
  refundPolicy: RefundPolicy;
  /** Address of a picture elsewhere; null where there is none or one was uploaded. */
  imageUrl: string | null;
  /** Picture that was uploaded. */
  image: Image | null;
  version: number;
  publishedAt: Date | null;
  cancelledAt: Date | null;
  cancellationReason: string | null;
  createdAt: Date;
  updatedAt: Date;
  priceTiers: PriceTier[];
}

/** Title on tickets, in mails and calendars, where nothing else says that it is only tried out. */
export const markedTitle = ({ title, sandbox }: Pick<EventRecord, 'title' | 'sandbox'>): string =>
  sandbox ? `TEST: ${title}` : title;

/** An event as it is created, before the database adds to it. */
export type NewEventRecord = Omit<
  EventRecord,
  | 'createdAt'
  | 'updatedAt'
  | 'salePausedAt'
  | 'salePauseReason'
  | 'cancelledAt'
  | 'cancellationReason'
  | 'priceTiers'
>;

/** Properties that an organizer may edit. */
export type EventChanges = Partial<
  Omit<NewEventRecord, 'id' | 'organizerId' | 'status' | 'version' | 'publishedAt'>
>;

export const planExceedsCapacity = ({
  places,
  capacity,
}: {
  places: number;
  capacity: number;
}): DomainError =>
  new DomainError('plan_exceeds_capacity', {
    detail: `The plan has ${places} seats and places, the venue may hold ${capacity}.`,
    extra: { places, capacity },
  });

type Dates = Pick<EventRecord, 'startsAt' | 'endsAt' | 'doorsAt' | 'saleStartsAt' | 'saleEndsAt'>;

const HOUR_MS = 3_600_000;
/** Hours before the start at which doors may open; more is a mistyped date. */
const MOST_HOURS_OF_DOORS = 24;

/** Where the dates of an event contradict each other, or start and end, where they are being set, contradict `now`. */
export function dateProblems(
  { startsAt, endsAt, doorsAt, saleStartsAt, saleEndsAt }: Dates,
  now: Date,
  set: Partial<Dates>,
): FieldError[] {
  const problems: FieldError[] = [];
  if (set.startsAt && startsAt <= now) problems.push({ path: 'startsAt', message: 'must be in the future' });
  // Who pays at this moment would hear that the event is over.
  else if (set.endsAt && endsAt <= now) problems.push({ path: 'endsAt', message: 'must be in the future' });
  if (endsAt <= startsAt) problems.push({ path: 'endsAt', message: 'must be after startsAt' });
  if (doorsAt && doorsAt > startsAt)
    problems.push({ path: 'doorsAt', message: 'must not be after startsAt' });
  else if (doorsAt && startsAt.getTime() - doorsAt.getTime() > MOST_HOURS_OF_DOORS * HOUR_MS)
    problems.push({
      path: 'doorsAt',
      message: `must not be more than ${MOST_HOURS_OF_DOORS} hours before startsAt`,
    });
  if (saleEndsAt && saleEndsAt > endsAt)
    problems.push({ path: 'saleEndsAt', message: 'must not be after endsAt' });
  if (saleStartsAt && saleStartsAt >= (saleEndsAt ?? endsAt))
    problems.push({
      path: 'saleStartsAt',
      message: `must be before ${saleEndsAt ? 'saleEndsAt' : 'endsAt'}`,
    });
  return problems;
}

/** The picture that was set last counts: an address takes the place of one that was uploaded, and the other way round. */
export const withOnePicture = (wanted: EventChanges): EventChanges => ({
  ...wanted,
  ...(wanted.imageUrl && { image: null }),
  ...(wanted.image && { imageUrl: null }),
});

/** The fields of `wanted` that differ from what the event is. */
export function changedFields(event: EventRecord, wanted: EventChanges): EventChanges {
  const differs = ([field, value]: [string, unknown]) =>
    !isDeepStrictEqual(value, event[field as keyof EventChanges]);
  return Object.fromEntries(Object.entries(wanted).filter(differs));
}

const LOCKED_BY_PUBLISHING: Partial<Record<keyof EventChanges, ErrorCode>> = {
  planId: 'plan_locked',
  venueId: 'plan_locked',
  currency: 'locked_after_publish',
  timezone: 'locked_after_publish',
};

/** Why these fields may not be changed any more, or null. */
export function editRefusal(
  status: EventStatus,
  changes: EventChanges,
): { code: ErrorCode; errors?: FieldError[] } | null {
  if (status === 'draft') return null;
  if (status !== 'published') return { code: 'event_ended' };
  const locked = Object.keys(changes).filter((field) => field in LOCKED_BY_PUBLISHING);
  const code = LOCKED_BY_PUBLISHING[locked[0] as keyof EventChanges];
  if (!code) return null;
  return {
    code,
    errors: locked.map((path) => ({ path, message: 'cannot be changed after publishing' })),
  };
}

/** A tier as organizers write it: for a category or for an area, by name. */
export interface NamedTier {
  name: string;
  price: number;
  category?: string;
  area?: string;
}

interface Zones {
  categories: readonly { name: string }[];
  areas: readonly { name: string }[];
}

/**
 * Finds the category or area of each tier in a plan; every tier that has none, or repeats one, is a problem. Names are
 * those of the plan, but for the white space around them that older plans have and people do not see.
 */
export function resolveTiers(
  wanted: readonly NamedTier[],
  plan: Zones,
): { tiers: PriceTier[]; problems: FieldError[] } {
  const problems: FieldError[] = [];
  const seen = new Map<string, number>();
  const tiers = wanted.map(({ name, price, category, area }, no): PriceTier => {
    const kind = category === undefined ? 'area' : 'category';
    const named = (category ?? area)!;
    const zones = kind === 'category' ? plan.categories : plan.areas;
    const index = indexOfName(zones, named);
    const appliesTo = zones[index]?.name ?? named;
    const first = seen.get(`${kind} ${appliesTo}`);
    const path = `priceTiers.${no}.${kind}`;
    if (index < 0) problems.push({ path, message: `the plan has no ${kind} "${appliesTo}"` });
    if (first === undefined) seen.set(`${kind} ${appliesTo}`, no);
    else problems.push({ path, message: `"${appliesTo}" has a price already in priceTiers.${first}` });
    return {
      no,
      name,
      price,
      category: kind === 'category' ? index : null,
      area: kind === 'area' ? index : null,
      appliesTo,
    };
  });
  return { tiers, problems };
}

function indexOfName(zones: readonly { name: string }[], name: string): number {
  const exact = zones.findIndex((zone) => zone.name === name);
  return exact >= 0 ? exact : zones.findIndex((zone) => zone.name.trim() === name.trim());
}

/** A tier the way `resolveTiers` reads it. */
export const nameTier = ({ name, price, category, appliesTo }: PriceTier): NamedTier =>
  category === null ? { name, price, area: appliesTo } : { name, price, category: appliesTo };
