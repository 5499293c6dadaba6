import { type AppChild, holdRequest, idOf, startAppChild } from './app-child.js';
import { Hall } from './hall.js';
import { assertEqual, type Gate, interleave, type Options, type Scenario } from './scenario.js';
import { closedLoop, request, total } from './sender.js';
import { ms, spread } from './stats.js';

const CALLERS = 32;
const CARD = JSON.stringify({ payment: { method: 'card', card: { number: '4242424242424242' } } });

export const checkout: Scenario = { name: 'checkout', title: 'Orders, paid with the sandbox', run };

async function run(options: Options): Promise<Gate[]> {
  const app = await startAppChild();
  try {
    return await measure(app, options);
  } finally {
    await app.stop();
  }
}

async function measure(app: AppChild, { rounds, quick, note }: Options): Promise<Gate[]> {
  const hall = await Hall.build(app.url, app.db, 500, 100);
  const tokens = await app.tokens(CALLERS);
  const seconds = quick ? 1 : 5;
  const waits: number[] = [];

  /** Each caller holds a seat, pays it, and begins anew; an order counts when it is confirmed. */
  async function orders(inTime: number): Promise<number> {
    const eventId = await hall.sell();
    const held: string[] = [];
    const mine: (string | undefined)[] = [];
    let seat = 0;
    let paid = 0;
    const load = await closedLoop(
      app.url,
      { connections: CALLERS, seconds: inTime },
      (_, own) => {
        const id = mine[own];
        if (!id) return holdRequest(`/events/${eventId}/holds`, tokens[own]!, seat++);
        const headers = { Authorization: `Bearer ${tokens[own]}` };
        return request('POST', `/api/v1/bookings/${id}/checkout`, headers, CARD);
      },
      ({ status, body }, _, own) => {
        mine[own] = status === 201 ? idOf(body) : undefined;
        if (mine[own]) held.push(mine[own]);
        if (status === 200) paid++;
      },
    );
    assertEqual('answers', total(load.statuses), held.length + paid);
    waits.push(...load.times[200]!);
    await assertPaid(app, eventId, paid);
    await app.audit(eventId, held);
    return (load.rate * paid) / total(load.statuses);
  }

  await orders(1);
  waits.length = 0;
  const { ours } = await interleave(rounds, { ours: () => orders(seconds) });
  const { p50, p95, p99 } = spread(waits);
  note(`a checkout among ${CALLERS} callers: p50 ${ms(p50)}, p95 ${ms(p95)}, p99 ${ms(p99)}`);
  note('an order is a hold of one seat, its payment, the capture and the ticket; each is two requests');
  return [
    {
      path: `orders, ${CALLERS} callers`,
      against: '',
      unit: 'orders/s',
      ours,
      // Four times what the quickest of the open peers sells.
      bound: { atLeast: 100 },
    },
  ];
}

/** Errors when an order that a buyer was told is paid has no captured payment of its price. */
async function assertPaid(app: AppChild, eventId: string, paid: number): Promise<void> {
  const { rows } = await app.db.query(
    `SELECT count(*)::int AS captured FROM payment p JOIN booking b ON b.event_id = p.event_id AND b.id = p.booking_id
     WHERE p.event_id = $1 AND p.status = 'captured' AND p.amount = b.total AND b.status = 'confirmed'`,
    [eventId],
  );
  assertEqual('captured payments', rows[0].captured, paid);
}
