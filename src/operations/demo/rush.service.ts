import { setTimeout as sleep } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { RolesService } from '../../auth/accounts/roles.service.js';
import { BookingsService } from '../../bookings/bookings.service.js';
import { EventListsService } from '../../events/event-lists.service.js';
import { type EventRecord, EventsService } from '../../events/events.service.js';
import type { NewHold } from '../../inventory/holds/holds.schemas.js';
import { CheckoutService } from '../../orders/checkout/checkout.service.js';
import { PaymentsService } from '../../payments/payments/payments.service.js';
import type { Principal } from '../../platform/access/principal.js';
import { DomainError } from '../../platform/common/domain-error.js';
import { type Layout, PlansService } from '../../venues/plans.service.js';
import { InvariantsService } from '../invariants/invariants.service.js';
import type { DemoRush, NewRush } from './demo.schemas.js';
import { GUESTS, guestsOf } from './guests.js';
import { SANDBOX_PAYMENT } from './sales.js';

/** The robots arrive within this time; the last of them need a few seconds more. */
const ARRIVE_MS = 16_000;
const THINK_MS = { least: 300, most: 2_500 };
const TRIES = 3;
/** Seats that everybody wants: the first so many of the plan. */
const WANTED_SEATS = 60;
const SHARE_FOR_WANTED = 0.35;
const SHARE_GIVEN_BACK = 0.1;
const MOST_SEATS = 4;
/** Each robot counts as a person of its own; that they share this machine is not held against them. */
const CLIENT = { ip: '127.0.0.1', isForwarded: true, isGone: () => false };

const NONE: DemoRush = {
  state: 'none',
  eventId: null,
  title: null,
  startedAt: null,
  seconds: 0,
  robots: GUESTS,
  bought: 0,
  givenBack: 0,
  refused: 0,
  violations: null,
};

/**
 * Robots that buy places of one event while people watch, through the services that serve people, and the audit
 * afterwards. One rush at a time, on this replica.
 */
@Injectable()
export class RushService implements BeforeApplicationShutdown {
  private readonly log = new Logger(RushService.name);
  private readonly stopping = new AbortController();
  private rush: DemoRush = NONE;
  private running: Promise<void> | undefined;

  constructor(
    private readonly lists: EventListsService,
    private readonly events: EventsService,
    private readonly plans: PlansService,
    private readonly roles: RolesService,
    private readonly bookings: BookingsService,
    private readonly checkouts: CheckoutService,
    private readonly payments: PaymentsService,
    private readonly invariants: InvariantsService,
  ) {}

  state(): DemoRush {
    const { state, startedAt, seconds } = this.rush;
    if (state !== 'running') return this.rush;
    return { ...this.rush, seconds: secondsSince(startedAt, seconds) };
  }

  /**
   * Errors: `rush_under_way`, `not_found`, `event_not_on_sale`, and `payment_method_unsupported` where payments are not
   * those of the sandbox.
   */
  async start({ eventId }: NewRush): Promise<DemoRush> {
    if (this.payments.providerName !== 'sandbox') throw new DomainError('payment_method_unsupported');
    const event = await this.events.find(eventId ?? (await this.choose()));
    if (event.status !== 'published') throw new DomainError('event_not_on_sale');
    const [layout, robots] = await Promise.all([this.plans.layout(event.planId), guestsOf(this.roles)]);
    if (this.running) throw new DomainError('rush_under_way');
    const startedAt = new Date().toISOString();
    this.rush = { ...NONE, state: 'running', eventId: event.id, title: event.title, startedAt };
    this.running = this.run(event, layout, robots)
      .catch((error: unknown) => {
        if (!this.stopping.signal.aborted) this.log.error({ err: error }, 'A rush has ended early');
        this.rush = { ...this.state(), state: 'over' };
      })
      .finally(() => {
        this.running = undefined;
      });
    return this.state();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(event: EventRecord, layout: Layout, robots: readonly Principal[]): Promise<void> {
    const visits = await Promise.allSettled(robots.map((robot) => this.visit(robot, event.id, layout)));
    const failed = visits.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
    this.rush = { ...this.state(), state: 'checking' };
    const findings = await this.invariants.run();
    const violations = findings.reduce((sum, finding) => sum + finding.violations, 0);
    this.rush = { ...this.rush, state: 'over', violations };
  }

  private async visit(robot: Principal, eventId: string, layout: Layout): Promise<void> {
    await this.pause(Math.random() * ARRIVE_MS);
    for (let left = TRIES; left > 0; left--) {
      try {
        const { body } = await this.bookings.hold(robot, eventId, wishOf(layout), undefined, CLIENT);
        await this.pause(THINK_MS.least + Math.random() * (THINK_MS.most - THINK_MS.least));
        if (Math.random() < SHARE_GIVEN_BACK) {
          await this.bookings.release(robot, body.id);
          this.rush.givenBack++;
        } else {
          await this.checkouts.checkout(robot, body.id, SANDBOX_PAYMENT, undefined);
          this.rush.bought += body.items.length;
        }
        return;
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        this.rush.refused++;
        await this.pause(THINK_MS.least);
      }
    }
  }

  private async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.stopping.signal });
  }

  private async choose(): Promise<string> {
    const { data } = await this.lists.list({ available: true, limit: 100 });
    const bySize = data.toSorted((a, b) => a.places - b.places);
    const roomy = bySize.find(({ freePlaces }) => freePlaces >= GUESTS * MOST_SEATS) ?? bySize.at(-1);
    if (!roomy) throw new DomainError('event_not_on_sale');
    return roomy.id;
  }
}

const secondsSince = (startedAt: string | null, otherwise: number): number =>
  startedAt === null ? otherwise : Math.round((Date.now() - Date.parse(startedAt)) / 1_000);

/** Places to stand as often as there are any, else seats: some want those that all want, some the best that are left. */
function wishOf({ seats, areas }: Layout): NewHold {
  const quantity = 1 + Math.floor(Math.random() * MOST_SEATS);
  const standing = areas.reduce((sum, { capacity }) => sum + capacity, 0);
  if (Math.random() < standing / (standing + seats.length)) {
    const { name } = areas[Math.floor(Math.random() * areas.length)]!;
    return { areas: [{ area: name, quantity }] };
  }
  if (Math.random() > SHARE_FOR_WANTED) return { best: { quantity } };
  const first = Math.floor(Math.random() * Math.min(WANTED_SEATS, seats.length));
  return { seats: seats.slice(first, first + quantity).map(({ n }) => n) };
}
