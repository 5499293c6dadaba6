import { toDecimal, toMinorUnits } from '../../../../src/platform/common/currencies.js';
import type { Schemas } from '../../api.js';
import { toInstant, toLocal } from '../zoned.js';

type Event = Schemas['Event'];
type Body = Omit<Schemas['NewEvent'], 'priceTiers' | 'imageHash' | 'sandbox'>;

/** Values of the form by field name; fields of the refund policy are named as in the API. */
export type Values = Record<string, string>;

const orNull = (text: string | undefined): number | null => (text ? Number(text) : null);

/** @param zone in which the form shows times */
export function valuesOf(event: Event, zone: string): Values {
  const { refundPolicy: policy, currency } = event;
  const local = (iso: string | null) => (iso === null ? '' : toLocal(iso, zone));
  return {
    title: event.title,
    category: event.category,
    description: event.description,
    venueId: event.venueId,
    planId: event.planId,
    startsAt: local(event.startsAt),
    endsAt: local(event.endsAt),
    doorsAt: local(event.doorsAt),
    minAge: `${event.minAge ?? ''}`,
    durationMinutes: `${event.durationMinutes ?? ''}`,
    saleStartsAt: local(event.saleStartsAt),
    saleEndsAt: local(event.saleEndsAt),
    currency,
    maxSeatsPerBooking: `${event.maxSeatsPerBooking}`,
    maxSeatsPerBuyer: `${event.maxSeatsPerBuyer ?? ''}`,
    holdMinutes: `${event.holdSeconds / 60}`,
    imageUrl: event.imageUrl ?? '',
    fullUntilHours: `${policy.fullUntilHours ?? ''}`,
    partialUntilHours: `${policy.partialUntilHours ?? ''}`,
    partialPercent: `${policy.partialPercent}`,
    feePerTicket: toDecimal(policy.feePerTicket, currency),
    refundFees: policy.refundFees ? 'on' : '',
    sandbox: event.sandbox ? 'on' : '',
  };
}

export function bodyOf(values: Values, zone: string): Body {
  const { currency = 'EUR' } = values;
  const instant = (name: string) => (values[name] ? toInstant(values[name], zone) : null);
  return {
    title: values.title!,
    category: values.category!,
    description: values.description!,
    venueId: values.venueId!,
    planId: values.planId!,
    startsAt: instant('startsAt')!,
    endsAt: instant('endsAt')!,
    doorsAt: instant('doorsAt'),
    minAge: orNull(values.minAge),
    durationMinutes: orNull(values.durationMinutes),
    saleStartsAt: instant('saleStartsAt'),
    saleEndsAt: instant('saleEndsAt'),
    currency,
    maxSeatsPerBooking: Number(values.maxSeatsPerBooking),
    maxSeatsPerBuyer: orNull(values.maxSeatsPerBuyer),
    holdSeconds: Math.round(Number(values.holdMinutes) * 60),
    imageUrl: values.imageUrl || null,
    refundPolicy: {
      fullUntilHours: orNull(values.fullUntilHours),
      partialUntilHours: orNull(values.partialUntilHours),
      partialPercent: Number(values.partialPercent || 0),
      feePerTicket: toMinorUnits(values.feePerTicket || '0', currency),
      refundFees: values.refundFees === 'on',
    },
  };
}
