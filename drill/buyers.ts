import { setTimeout as sleep } from 'node:timers/promises';
import type { Agent } from 'undici';
import type { Sale } from '../test/support/halls.js';
import { card, GOOD } from '../test/support/money.js';
import type { Person } from '../test/support/people.js';
import { Asker, type Heard, Undecided } from './asker.js';
import type { Ledger, Purchase } from './ledger.js';

export const FLOOR = 'Floor';
/** Most pay without trouble; of the rest the bank declines, tells everything twice, or answers too late. */
const CARDS = [
  ...Array<string>(20).fill(GOOD),
  '4000000000000002',
  '4000000000000226',
  '4000000000000416',
  '4000000000000614',
];

export interface Town {
  /** Where the replicas are that take requests. */
  readonly origins: readonly string[];
  readonly agent: Agent;
  readonly people: readonly Person[];
  readonly ledger: Ledger;
  readonly heard: Heard;
  /** Where most people buy, and how many seats it has. */
  readonly sale: Sale;
  readonly seats: number;
  /** A small hall that is always sold out, where people wait. */
  readonly small: Sale;
}

/** People who hold, pay, cancel, wait and enter, all at once, and write down what they were told. */
export class Buyers {
  private stopping = false;
  private readonly loops: Promise<void>[];

  constructor(private readonly town: Town) {
    this.loops = town.people.map((person) =>
      this.live(person).catch((error: Error) => {
        town.heard.wrong.push(`a buyer was told what makes no sense: ${error.stack}`);
      }),
    );
  }

  /** Everyone ends what was begun. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.loops);
  }

  private async live(person: Person): Promise<void> {
    const { origins, agent, heard } = this.town;
    const asker = new Asker(origins, agent, person.token, heard);
    while (!this.stopping) {
      await (Math.random() < 0.15 ? this.wait(person, asker) : this.buy(person, asker));
      await sleep(50 * Math.random());
    }
  }

  private async buy(person: Person, asker: Asker): Promise<void> {
    const { eventId } = this.town.sale;
    const purchase = await this.hold(person, asker, eventId, this.wish());
    if (!purchase) return;
    const fate = Math.random();
    // Every tenth leaves without a word.
    if (fate < 0.2) await this.release(purchase, asker);
    else if (fate < 0.9) await this.payAndGoOn(purchase, asker);
  }

  private wish(): object {
    const kind = Math.random();
    if (kind < 0.2) return { areas: [{ area: FLOOR, quantity: 1 + Math.floor(2 * Math.random()) }] };
    if (kind < 0.4) return { best: { quantity: 2 } };
    const n = Math.floor(Math.random() * (this.town.seats - 1));
    return { seats: kind < 0.6 ? [n, n + 1] : [n] };
  }

  private async hold(
    person: Person,
    asker: Asker,
    eventId: string,
    wish: object,
  ): Promise<Purchase | undefined> {
    const answer = await asker.post(`/events/${eventId}/holds`, wish).catch(ignoreUndecided);
    if (answer?.status !== 201) return undefined;
    return this.town.ledger.held(eventId, person.id, answer.body);
  }

  private async payAndGoOn(purchase: Purchase, asker: Asker): Promise<void> {
    await decided(purchase, () => this.pay(purchase, asker));
    if (purchase.told !== 'confirmed') return;
    const fate = Math.random();
    if (fate < 0.25) await decided(purchase, () => this.cancel(purchase, asker));
    else if (fate < 0.4) await decided(purchase, () => this.enter(purchase, asker));
  }

  private async release(purchase: Purchase, asker: Asker): Promise<void> {
    await decided(purchase, async () => {
      const path = `/bookings/${purchase.hold.id}`;
      const { status, tries } = await asker.delete(path);
      if (status === 204) purchase.told = 'released';
      // There is no key for this: what the first try did has to be read.
      else if (tries > 1) purchase.told = toldBy((await asker.get(path)).body.status);
    });
  }

  private async pay(purchase: Purchase, asker: Asker): Promise<void> {
    const { id } = purchase.hold;
    const number = CARDS[Math.floor(Math.random() * CARDS.length)];
    const { status } = await asker.post(`/bookings/${id}/checkout`, card(number));
    if (status === 200) purchase.told = 'confirmed';
    else if (status === 402) purchase.told = 'declined';
    else purchase.told = await this.becomes(id, asker);
  }

  /** Waits for the outcome of a payment that takes longer. */
  private async becomes(id: string, asker: Asker): Promise<Purchase['told']> {
    for (const end = Date.now() + 60_000; ; await sleep(200)) {
      const { status } = (await asker.get(`/bookings/${id}`)).body;
      if (status !== 'paying') return status === 'held' ? 'declined' : toldBy(status);
      if (Date.now() > end) throw new Undecided(`${id} is still paying`);
    }
  }

  private async cancel(purchase: Purchase, asker: Asker): Promise<void> {
    const all: string[] = purchase.hold.items.map(({ id }: { id: string }) => id);
    const items = Math.random() < 0.5 ? all : all.slice(0, 1);
    const { status, body } = await asker.post(`/bookings/${purchase.hold.id}/cancel`, { items });
    if (status > 202) throw new Undecided(`a cancellation was refused: ${status} ${body?.code}`);
    for (const id of items) purchase.cancelled.add(id);
    if (items.length === all.length) purchase.told = 'cancelled';
  }

  private async enter(purchase: Purchase, asker: Asker): Promise<void> {
    const { sale, small, origins, agent, heard } = this.town;
    const { organizer } = purchase.eventId === sale.eventId ? sale : small;
    const { data } = (await asker.get(`/bookings/${purchase.hold.id}/tickets`)).body;
    // Where money is taken late, tickets come later than the answer.
    if (!data?.[0]) return;
    const gate = new Asker(origins, agent, organizer.token, heard);
    const scan = { code: data[0].code, gate: 'North' };
    const { status, body } = await gate.post(`/events/${purchase.eventId}/check-in`, scan);
    if (status === 200 || body.code === 'already_checked_in') purchase.scanned.add(data[0].id);
  }

  /** Buys in the small hall or gets in line there; what was got is given back soon. */
  private async wait(person: Person, asker: Asker): Promise<void> {
    const { ledger, small } = this.town;
    const best = { best: { quantity: 1 } };
    let purchase = await this.hold(person, asker, small.eventId, best);
    if (!purchase) {
      const answer = await asker
        .post(`/events/${small.eventId}/waitlist`, { quantity: 1 })
        .catch(ignoreUndecided);
      if (answer?.status !== 201) return;
      const entry = ledger.joined(answer.body.id, person.id);
      purchase = await this.stayInLine(entry, asker).catch(ignoreUndecided);
    }
    if (!purchase) return;
    await decided(purchase, () => this.pay(purchase, asker));
    await sleep(500 * Math.random());
    if (purchase.told === 'confirmed') await decided(purchase, () => this.cancel(purchase, asker));
  }

  private async stayInLine(entry: ReturnType<Ledger['joined']>, asker: Asker): Promise<Purchase | undefined> {
    const path = `/waitlist/${entry.id}`;
    for (let looks = 0; looks < 10; looks++) {
      await sleep(200);
      const { state } = (await asker.get(path)).body;
      if (state !== 'offered') continue;
      const { status, body } = await asker.post(`${path}/accept`);
      if (status === 200) {
        entry.told = 'accepted';
        return this.town.ledger.held(body.eventId, entry.userId, body, true);
      }
    }
    const { status } = await asker.delete(path);
    if (status === 204) entry.told = 'left';
    return undefined;
  }
}

const toldBy = (status: string): Purchase['told'] =>
  status === 'cancelling' ? 'cancelled' : (status as Purchase['told']);

const ignoreUndecided = (error: unknown): undefined => {
  if (!(error instanceof Undecided)) throw error;
};

async function decided(purchase: Purchase, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    ignoreUndecided(error);
    purchase.undecided = true;
  }
}
