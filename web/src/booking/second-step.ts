import type { Schemas } from '../api.js';

/** What the buyer has to do first. It is told once, so this page keeps it for a reload. */
export type Step = NonNullable<Schemas['CheckoutAnswer']['nextAction']>;

const keyOf = (bookingId: string) => `evently.step.${bookingId}`;

export const readStep = (bookingId: string): Step | undefined =>
  JSON.parse(sessionStorage.getItem(keyOf(bookingId)) ?? 'null') ?? undefined;

export const keepStep = (bookingId: string, step: Step): void =>
  sessionStorage.setItem(keyOf(bookingId), JSON.stringify(step));

export const forgetStep = (bookingId: string): void => sessionStorage.removeItem(keyOf(bookingId));
