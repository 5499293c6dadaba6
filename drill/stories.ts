import { CANCELLATION, CHECKOUT, EVENT_CANCELLATION } from '../src/orders/order-sagas.js';
import type { SagaPlan } from '../src/platform/saga/saga.js';
import type { Strike } from './faults.js';
import { GOOD, pay, type Stage } from './stage.js';

/** One way through a saga. `act` sends the request that a fault is to meet. */
export interface Story {
  readonly name: string;
  readonly saga: SagaPlan;
  readonly steps: readonly string[];
  /** Steps that are undone in this story. */
  readonly undone: readonly string[];
  play(stage: Stage, arm: () => Promise<void>): Promise<void>;
}

type CheckoutSteps = typeof CHECKOUT.steps;

const REFUSES_CAPTURE = '4000000000000606';
const DECLINED = '4000000000000002';

const checkout = (name: string, card: string, steps: CheckoutSteps, undone: CheckoutSteps): Story => ({
  name,
  saga: CHECKOUT,
  steps,
  undone,
  async play(stage, arm) {
    const { id } = await stage.hold();
    await arm();
    await stage.ask(stage.buyer, `/bookings/${id}/checkout`, pay(card));
  },
});

/** The bank approves when the hold is lost. */
const late = (name: string, taken: boolean, steps: CheckoutSteps, undone: CheckoutSteps): Story => ({
  name,
  saga: CHECKOUT,
  steps,
  undone,
  async play(stage, arm) {
    const held = await stage.hold();
    const approve = await stage.waiting(held);
    await stage.expire(held, taken);
    await arm();
    await stage.ask(stage.buyer, approve, { approve: true });
  },
});

export const STORIES: readonly Story[] = [
  checkout('checkout', GOOD, ['authorize', 'confirm', 'capture', 'tickets'], []),
  checkout('checkout, declined', DECLINED, ['authorize'], ['reserve']),
  checkout('checkout, capture refused', REFUSES_CAPTURE, ['capture'], ['confirm', 'authorize', 'reserve']),
  late('checkout, late', false, ['authorize', 'confirm', 'capture', 'tickets'], []),
  late('checkout, too late', true, ['confirm'], ['authorize', 'reserve']),
  {
    name: 'checkout, begun anew',
    saga: CHECKOUT,
    steps: ['authorize'],
    undone: ['reserve'],
    async play(stage, arm) {
      const held = await stage.hold();
      await stage.waiting(held);
      await arm();
      await stage.ask(stage.buyer, `/bookings/${held.id}/checkout`, pay(GOOD));
    },
  },
  {
    name: 'cancellation',
    saga: CANCELLATION,
    steps: CANCELLATION.steps,
    undone: [],
    async play(stage, arm) {
      const { id, items } = await stage.paid();
      await arm();
      await stage.ask(stage.buyer, `/bookings/${id}/cancel`, { items: [items[0].id] });
    },
  },
  {
    name: 'event cancellation',
    saga: EVENT_CANCELLATION,
    steps: EVENT_CANCELLATION.steps,
    undone: [],
    async play(stage, arm) {
      const { eventId, organizer } = await stage.newSale();
      await stage.hold();
      await stage.paid();
      await stage.paid();
      await arm();
      await stage.ask(organizer, `/events/${eventId}/cancel`, {});
    },
  },
];

/** Every place in a story where a fault can strike. */
export const placesOf = ({ saga: { kind }, steps, undone }: Story): Omit<Strike, 'fault'>[] =>
  [...steps.map((step) => ({ step, undo: false })), ...undone.map((step) => ({ step, undo: true }))].flatMap(
    (place) => (['before', 'after'] as const).map((when) => ({ kind, ...place, when })),
  );
