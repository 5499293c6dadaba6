import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import type { AnyFact, Fact } from '../platform/facts/fact-map.js';
import { OnFacts } from '../platform/facts/facts.decorators.js';
import { type RebuildProgress, RebuildsService } from '../platform/facts/rebuilds.service.js';
import { ROLLUP_TABLES, RollupsRepository } from './rollups.repository.js';
import { SALE_FACTS, saleOf } from './sale.rules.js';
import { type Counter, Tally } from './tally.js';

const HANDLER = 'analytics';

const WAITLIST = {
  'waitlist.joined': 'joined',
  'waitlist.offered': 'offered',
  'waitlist.accepted': 'accepted',
  'waitlist.declined': 'declined',
  'waitlist.expired': 'missed',
  'waitlist.left': 'gone',
  'waitlist.closed': 'closed',
} as const satisfies Record<string, Counter>;

type Histories = ReadonlyMap<string, readonly AnyFact[]>;

/**
 * Keeps the rollups that the analytics read. The amount a fact adds depends on that fact and on the earlier facts of
 * its stream only. So the rows are the same in whatever order the facts of different streams arrive.
 */
@Injectable()
export class RollupsService {
  constructor(
    private readonly rollups: RollupsRepository,
    private readonly rebuilds: RebuildsService,
  ) {}

  @OnFacts(
    [
      ...SALE_FACTS,
      'payment.captured',
      'refund.succeeded',
      'waitlist.*',
      'event.published',
      'seats.blocked',
      'seats.unblocked',
    ],
    { name: HANDLER },
  )
  async take(tx: Tx, facts: readonly AnyFact[]): Promise<void> {
    const histories = await this.histories(tx, facts);
    const tally = new Tally();
    for (const fact of facts) count(tally, fact as Fact, histories);
    const published = facts.filter(({ type }) => type === 'event.published').map(({ streamId }) => streamId);
    if (published.length > 0) await this.rollups.open(tx, published);
    const blocks = facts.filter(({ type }) => type.startsWith('seats.'));
    if (blocks.length > 0) await this.rollups.block(tx, blocks);
    await this.rollups.add(tx, tally);
  }

  /** Makes all rollups anew from all facts, while sales go on. @returns how many facts */
  rebuild(progress: (progress: RebuildProgress) => void): Promise<number> {
    return this.rebuilds.run(HANDLER, ROLLUP_TABLES, progress);
  }

  /** By stream, oldest first: all facts of the bookings and entries that these facts are about. */
  private async histories(tx: Tx, facts: readonly AnyFact[]): Promise<Histories> {
    const here = new Map<string, AnyFact[]>();
    const wanted = new Set<string>();
    for (const fact of facts) {
      const known = here.get(fact.streamId);
      if (known) known.push(fact);
      else here.set(fact.streamId, [fact]);
      const subject = subjectOf(fact);
      if (subject) wanted.add(subject);
    }
    // A stream whose first fact is in this batch is complete in it.
    const missing = [...wanted].filter((id) => here.get(id)?.[0]?.version !== 1);
    for (const [id, history] of await this.rollups.histories(tx, missing)) here.set(id, history);
    return here;
  }
}

/** Stream whose first fact gives the amount that a fact counts for. */
function subjectOf({ stream, streamId, type, data }: AnyFact): string | undefined {
  if (stream === 'booking' || stream === 'waitlist') return streamId;
  return type === 'payment.captured' ? (data as { bookingId: string }).bookingId : undefined;
}

function count(tally: Tally, fact: Fact, histories: Histories): void {
  const { streamId, version, occurredAt } = fact;
  const event = fact.eventId!;
  const history = histories.get(streamId) ?? [];
  switch (fact.type) {
    case 'payment.captured': {
      const sale = saleOf(histories.get(fact.data.bookingId)!.slice(0, 1))!;
      return tally.sales(event, sale.heldAt, { gross: fact.data.amount });
    }
    case 'refund.succeeded':
      return tally.refund(event, occurredAt, streamId, fact.data.amount);
    case 'event.published':
    case 'seats.blocked':
    case 'seats.unblocked':
      return;
  }
  if (fact.stream === 'waitlist') {
    const joined = history[0] as Fact<'waitlist.joined'>;
    tally.sales(event, joined.occurredAt, {
      [WAITLIST[fact.type as keyof typeof WAITLIST]]: 1,
      ...(version === 1 && { wanted: joined.data.quantity }),
    });
    return;
  }
  const before = saleOf(history.filter((earlier) => earlier.version < version));
  const after = saleOf(history.filter((earlier) => earlier.version <= version));
  if (before) tally.sale(event, streamId, before, -1);
  if (after) tally.sale(event, streamId, after, 1);
}
