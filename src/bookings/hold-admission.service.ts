import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { type Buyer, type Held, HoldsService } from '../inventory/holds/holds.service.js';
import { DomainError } from '../platform/common/domain-error.js';
import { isPrivate, networkOf } from '../platform/common/network.rules.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { BookingsRepository, type OpenHold } from './bookings.repository.js';

const NETWORKS_REMEMBERED = 100_000;
const PEOPLE_REMEMBERED = 100_000;
/** A refused network's holds are looked at again after this time, however often it asks. */
const LOOK_AGAIN_MS = 1_000;

/** Connection of a hold request. */
export interface HoldClient {
  readonly ip: string;
  /** True when the request carries forwarded addresses. */
  readonly isForwarded: boolean;
  /** Whether the client has hung up, so that nothing needs to be held for it. */
  readonly isGone: () => boolean;
}

/** A person's requests that this replica works on right now, and whether it has made a hold for them before. */
interface Person {
  readonly underWay: Set<Promise<unknown>>;
  hasHeld: boolean;
}

/** The holds made here for one network that were open when they were last looked at. */
interface Network {
  readonly underWay: Set<Promise<unknown>>;
  readonly open: Set<string>;
  /** Time before which the count is not read again. */
  fullUntil: number;
  /** End of the first of its open holds, as of the last look. */
  endsAt: Date;
}

/**
 * Caps the holds that one person, or everybody behind one network, keeps from others without paying: without it one new
 * account held 600 of 2,000 seats in 0.2 s. A person's first hold costs no statement; from the second on the database
 * counts. Networks are counted by each replica, because no address is stored with a booking. Several replicas may
 * each let a burst of one person up to the cap pass at the same moment. Lifted by `EVENTLY_RATE_LIMITS=off`.
 */
@Injectable()
export class HoldAdmissionService {
  private readonly people = new LRUCache<string, Person>({ max: PEOPLE_REMEMBERED });
  private readonly networks = new LRUCache<string, Network>({ max: NETWORKS_REMEMBERED });

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly bookings: BookingsRepository,
    private readonly holds: HoldsService,
  ) {}

  /**
   * Runs `hold` when neither the person nor the network has too many open holds.
   * Errors: `too_many_open_holds` with `Retry-After`, and those of `hold`.
   */
  async admit(buyer: Buyer, client: HoldClient, hold: () => Promise<Held>): Promise<Held> {
    if (!this.config.limits.on) return hold();
    const person = this.person(buyer.userId);
    // Counted before anything is awaited, so that requests in parallel gain nothing.
    const earlier = [...person.underWay];
    const request = this.holdWithin(buyer, person, earlier, () =>
      this.isUnknown(client) ? hold() : this.holdWithinNetwork(buyer, networkOf(client.ip), hold),
    );
    person.underWay.add(request);
    try {
      return await request;
    } finally {
      person.underWay.delete(request);
    }
  }

  private async holdWithin(
    buyer: Buyer,
    person: Person,
    earlier: readonly Promise<unknown>[],
    hold: () => Promise<Held>,
  ): Promise<Held> {
    const isFirst = !person.hasHeld && earlier.length === 0;
    const refusal = isFirst ? undefined : await this.refusePerson(buyer.userId, earlier);
    if (refusal) await this.passOnlyRepeated(buyer, refusal);
    const held = await hold();
    person.hasHeld = true;
    return held;
  }

  /** A repeated request gets the hold that it had made, however many are open. */
  private async passOnlyRepeated(buyer: Buyer, refusal: DomainError): Promise<void> {
    if (!(await this.holds.wasAsked(buyer))) throw refusal;
  }

  private async refusePerson(
    userId: string,
    earlier: readonly Promise<unknown>[],
  ): Promise<DomainError | undefined> {
    const cap = this.config.limits.openHolds.person * this.factor(userId);
    let open = await this.bookings.openOf(userId);
    if (open.length < cap && open.length + earlier.length >= cap) {
      // Some of the earlier requests may be among the open ones already, and some may fail.
      await Promise.allSettled(earlier);
      open = await this.bookings.openOf(userId);
    }
    if (open.length < cap) return undefined;
    return tooMany(`${cap} at once for one person`, earliest(open));
  }

  private async holdWithinNetwork(buyer: Buyer, key: string, hold: () => Promise<Held>): Promise<Held> {
    const network = this.network(key);
    const cap = this.config.limits.openHolds.network * this.factor(key);
    while (network.open.size + network.underWay.size >= cap) {
      // Some of those under way may fail.
      if (network.open.size < cap) await Promise.allSettled(network.underWay);
      else if (!(await this.hasRoom(network, cap))) {
        await this.passOnlyRepeated(buyer, tooMany(`${cap} at once for one network`, network.endsAt));
        return hold();
      }
    }
    const request = hold();
    network.underWay.add(request);
    try {
      const held = await request;
      network.open.add(held.id);
      return held;
    } finally {
      network.underWay.delete(request);
    }
  }

  private async hasRoom(network: Network, cap: number): Promise<boolean> {
    if (Date.now() < network.fullUntil) return false;
    const asked = [...network.open];
    const open = await this.bookings.openAmong(asked);
    const stillOpen = new Set(open.map(({ id }) => id));
    for (const id of asked) if (!stillOpen.has(id)) network.open.delete(id);
    const full = network.open.size >= cap;
    if (full) Object.assign(network, { fullUntil: Date.now() + LOOK_AGAIN_MS, endsAt: earliest(open) });
    return !full;
  }

  /** A proxy that `TRUST_PROXY` does not name would make all buyers one network. */
  private isUnknown({ ip, isForwarded }: HoldClient): boolean {
    return this.config.http.trustProxy === 0 && isForwarded && isPrivate(ip);
  }

  private person(userId: string): Person {
    const known = this.people.get(userId);
    if (known) return known;
    const person = { underWay: new Set<Promise<unknown>>(), hasHeld: false };
    this.people.set(userId, person);
    return person;
  }

  private network(key: string): Network {
    const known = this.networks.get(key);
    if (known) return known;
    const network = {
      underWay: new Set<Promise<unknown>>(),
      open: new Set<string>(),
      fullUntil: 0,
      endsAt: new Date(0),
    };
    this.networks.set(key, network);
    return network;
  }

  private factor(client: string): number {
    return this.config.limits.factors.get(client) ?? 1;
  }
}

const earliest = (open: readonly OpenHold[]): Date =>
  new Date(Math.min(...open.map(({ expiresAt }) => expiresAt.getTime())));

function tooMany(limit: string, endsAt: Date): DomainError {
  return new DomainError('too_many_open_holds', {
    detail: `You have ${limit} unpaid holds. Pay for one, or release one.`,
    retryAfter: Math.max(1, Math.ceil((endsAt.getTime() - Date.now()) / 1000) || 1),
  });
}
