import { Injectable } from '@nestjs/common';
import { CustomerAccountsService } from '../auth/accounts/customer-accounts.service.js';
import { SessionsService } from '../auth/tokens/sessions.service.js';
import { EventsService } from '../events/events.service.js';
import type { Principal } from '../platform/access/principal.js';
import { DomainError } from '../platform/common/domain-error.js';
import { DatabaseService } from '../platform/database/database.service.js';
import { FactsService } from '../platform/facts/facts.service.js';
import type { BuyerSession, NewBuyerSession } from './customers.schemas.js';

/** Short sessions that the server of a shop, which holds a key, makes for its own customers. */
@Injectable()
export class BuyerSessionsService {
  constructor(
    private readonly database: DatabaseService,
    private readonly events: EventsService,
    private readonly customers: CustomerAccountsService,
    private readonly sessions: SessionsService,
    private readonly facts: FactsService,
  ) {}

  /**
   * Errors: `not_found`, `permission_missing`, `event_not_on_sale` for a draft, `customer_locked`.
   */
  async open(
    key: Principal,
    eventId: string,
    { origin, customer, minutes }: NewBuyerSession,
  ): Promise<BuyerSession> {
    const { organizerId, status } = await this.events.findFor(key, 'sell', eventId);
    if (status === 'draft') throw new DomainError('event_not_on_sale');
    const sale = { eventId, origin };
    return this.database.transaction(async (tx) => {
      const { id: customerId, locale } = await this.customers.put(tx, organizerId, customer);
      const opened = { userId: customerId, locale, keyId: key.id, sale, minutes };
      const { id, token, expiresAt } = await this.sessions.openForBuyer(tx, opened);
      await this.facts.append(tx, {
        ...about(id, eventId, key),
        type: 'buyer_session.opened',
        data: { customerId, minutes },
      });
      return { id, token, expiresAt: expiresAt.toISOString(), customerId, ...sale };
    });
  }

  /** Ends a session before its time; holds made with it live on. Errors: `not_found`, `permission_missing`. */
  async end(key: Principal, id: string): Promise<void> {
    const session = await this.sessions.findBuyers(id);
    if (!session) throw new DomainError('not_found', { detail: NO_SESSION });
    const { eventId, userId: customerId } = session;
    await this.events.findFor(key, 'sell', eventId);
    await this.database.transaction(async (tx) => {
      if (!(await this.sessions.endBuyers(tx, id))) return;
      await this.facts.append(tx, {
        ...about(id, eventId, key),
        type: 'buyer_session.ended',
        data: { customerId },
      });
    });
  }
}

const NO_SESSION = 'There is no such session of yours.';

const about = (streamId: string, eventId: string, { id: actor }: Principal) => ({
  stream: 'buyer_session',
  streamId,
  eventId,
  actor,
});
