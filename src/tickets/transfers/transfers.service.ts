import { Injectable } from '@nestjs/common';
import { AccountsService } from '../../auth/accounts/accounts.service.js';
import { type EventRecord, EventsService } from '../../events/events.service.js';
import type { Principal } from '../../platform/access/principal.js';
import { CallResult } from '../../platform/common/call-result.js';
import { DomainError } from '../../platform/common/domain-error.js';
import type { IdempotentCall } from '../../platform/common/idempotent-call.js';
import { newId } from '../../platform/common/ids.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { IdempotencyService } from '../../platform/database/idempotency.service.js';
import type { Tx } from '../../platform/database/tx.js';
import { FactsService } from '../../platform/facts/facts.service.js';
import { Every } from '../../platform/jobs/jobs.decorators.js';
import { MailService } from '../../platform/mail/mail.service.js';
import { TicketsService } from '../tickets.service.js';
import type { TransferEntity } from './transfer.entity.js';
import { TransfersRepository } from './transfers.repository.js';
import type { OfferInput, Transfer } from './transfers.schemas.js';

const OFFER_MS = 7 * 86_400_000;
const BATCH_TRANSFERS = 100;

type Ending = 'declined' | 'withdrawn' | 'expired';

/** Transfers of tickets to other people: offered, accepted, and from then on valid under a new token. */
@Injectable()
export class TransfersService {
  constructor(
    private readonly database: DatabaseService,
    private readonly idempotency: IdempotencyService,
    private readonly transfers: TransfersRepository,
    private readonly tickets: TicketsService,
    private readonly events: EventsService,
    private readonly accounts: AccountsService,
    private readonly facts: FactsService,
    private readonly mail: MailService,
  ) {}

  /**
   * Offers a ticket of the caller's to a mail address; the ticket stays valid for the caller until the offer is
   * accepted.
   * Errors: `not_found`, `ticket_cancelled`, `ticket_used`, `event_started`, `transfer_to_self`, `transfer_under_way`,
   * `idempotency_*`.
   */
  async offer(
    user: Principal,
    ticketId: string,
    { email }: OfferInput,
    call: IdempotentCall | undefined,
  ): Promise<CallResult<Transfer>> {
    const { eventId } = await this.tickets.held(user, ticketId);
    const event = await this.events.find(eventId);
    requireUpcoming(event);
    const sender = await this.accounts.find(user.id);
    if (sender.email.toLowerCase() === email.toLowerCase()) throw new DomainError('transfer_to_self');
    return this.database.transaction((tx) =>
      this.idempotency.run(tx, call, async () => {
        await this.lockGood(tx, eventId, ticketId, user.id);
        const open = await this.transfers.open(tx, ticketId);
        if (open && open.expiresAt > new Date()) throw new DomainError('transfer_under_way');
        if (open) await this.end(tx, open, 'expired', null);
        const made: TransferEntity = {
          id: newId(),
          eventId,
          ticketId,
          fromId: user.id,
          toEmail: email,
          state: 'offered',
          createdAt: new Date(),
          expiresAt: new Date(Math.min(Date.now() + OFFER_MS, event.startsAt.getTime())),
        };
        await this.transfers.insert(tx, made);
        const version = await this.transfers.touchTicket(tx, eventId, ticketId);
        const data = { transferId: made.id };
        const about = { stream: 'ticket', streamId: ticketId, eventId, actor: user.id, version };
        await this.facts.append(tx, { ...about, type: 'ticket.transfer_offered', data });
        await this.mail.queue(tx, {
          kind: 'ticket.offered',
          userId: user.id,
          data,
          usefulUntil: made.expiresAt,
        });
        return toBody(made, user.id);
      }),
    );
  }

  /** Open offers to the caller's confirmed address, and those the caller made. */
  async list(user: Principal): Promise<{ data: Transfer[] }> {
    const { email, emailVerified } = await this.accounts.find(user.id);
    const offers = await this.transfers.offers(emailVerified ? email : '', user.id);
    return { data: offers.map((transfer) => toBody(transfer, user.id)) };
  }

  /**
   * Takes an offered ticket over. Only who has confirmed the address it was offered to can.
   * Errors: `not_found`, `email_not_verified`, `transfer_over`, `ticket_cancelled`, `ticket_used`, `event_started`,
   * `idempotency_*`.
   */
  async accept(user: Principal, id: string, call: IdempotentCall | undefined): Promise<CallResult<Transfer>> {
    const offer = await this.transfers.find(id);
    const [account, event] = await Promise.all([
      this.accounts.find(user.id),
      offer && this.events.find(offer.eventId),
    ]);
    return this.database.transaction((tx) =>
      this.idempotency.run(tx, call, async () => {
        const transfer = incoming(offer, account);
        requireUpcoming(event!);
        const { eventId, ticketId, fromId } = transfer;
        await this.lockGood(tx, eventId, ticketId, fromId);
        await this.assertOpen(tx, transfer);
        await this.transfers.end(tx, id, 'accepted');
        const version = await this.transfers.handOver(tx, eventId, ticketId, user.id);
        const data = { transferId: id, from: fromId, to: user.id };
        const about = { stream: 'ticket', streamId: ticketId, eventId, actor: user.id, version };
        await this.facts.append(tx, { ...about, type: 'ticket.transferred', data });
        return toBody({ ...transfer, state: 'accepted', toEmail: null }, user.id);
      }),
    );
  }

  /** Errors: `not_found`, `email_not_verified`, `transfer_over`. */
  async decline(user: Principal, id: string): Promise<void> {
    const [offer, account] = await Promise.all([this.transfers.find(id), this.accounts.find(user.id)]);
    await this.close(incoming(offer, account), 'declined', user.id);
  }

  /** Errors: `not_found`, `transfer_over`. */
  async withdraw(user: Principal, id: string): Promise<void> {
    const transfer = await this.transfers.find(id);
    if (transfer?.fromId !== user.id) throw new DomainError('not_found');
    await this.close(transfer, 'withdrawn', user.id);
  }

  @Every({ name: 'tickets.end-offers', seconds: 300 })
  async endOverdue(): Promise<void> {
    for (const transfer of await this.transfers.overdue(BATCH_TRANSFERS))
      await this.close(transfer, 'expired', null).catch(unlessOver);
  }

  private async close(transfer: TransferEntity, how: Ending, actor: string | null): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.transfers.lockTicket(tx, transfer.eventId, transfer.ticketId);
      await this.assertOpen(tx, transfer);
      await this.end(tx, transfer, how, actor);
    });
  }

  private async end(
    tx: Tx,
    { id, eventId, ticketId }: TransferEntity,
    how: Ending,
    actor: string | null,
  ): Promise<void> {
    await this.transfers.end(tx, id, how);
    const version = await this.transfers.touchTicket(tx, eventId, ticketId);
    const about = { stream: 'ticket', streamId: ticketId, eventId, actor, version };
    await this.facts.append(tx, { ...about, type: `ticket.transfer_${how}`, data: { transferId: id } });
  }

  private async assertOpen(tx: Tx, { id, ticketId }: TransferEntity): Promise<void> {
    const open = await this.transfers.open(tx, ticketId);
    if (open?.id !== id) throw new DomainError('transfer_over');
  }

  private async lockGood(tx: Tx, eventId: string, ticketId: string, holderId: string): Promise<void> {
    const ticket = await this.transfers.lockTicket(tx, eventId, ticketId);
    if (ticket.holderId !== holderId) throw new DomainError('transfer_over');
    if (ticket.itemStatus !== 'confirmed') throw new DomainError('ticket_cancelled');
    if (ticket.checkedInAt) throw new DomainError('ticket_used');
  }
}

/** The offer, if it is one to this account that can still be answered. */
function incoming(
  offer: TransferEntity | null,
  account: { readonly email: string; readonly emailVerified: boolean },
): TransferEntity {
  if (!offer || offer.toEmail?.toLowerCase() !== account.email.toLowerCase())
    throw new DomainError('not_found', { detail: 'There is no such offer to you.' });
  if (!account.emailVerified) throw new DomainError('email_not_verified');
  if (offer.expiresAt <= new Date()) throw new DomainError('transfer_over');
  return offer;
}

function requireUpcoming({ startsAt }: EventRecord): void {
  if (startsAt <= new Date()) throw new DomainError('event_started');
}

const unlessOver = (error: unknown): void => {
  if (!(error instanceof DomainError && error.code === 'transfer_over')) throw error;
};

const toBody = (transfer: TransferEntity, viewer: string): Transfer => ({
  id: transfer.id,
  ticketId: transfer.ticketId,
  eventId: transfer.eventId,
  direction: transfer.fromId === viewer ? 'outgoing' : 'incoming',
  state: transfer.state,
  email: transfer.toEmail,
  createdAt: transfer.createdAt.toISOString(),
  expiresAt: transfer.expiresAt.toISOString(),
});
