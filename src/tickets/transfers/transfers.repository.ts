import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Raw, Repository } from 'typeorm';
import { past, toCome } from '../../platform/database/clock.js';
import type { Tx } from '../../platform/database/tx.js';
import { TicketEntity } from '../ticket.entity.js';
import { TransferEntity } from './transfer.entity.js';

export type TransferState = 'offered' | 'accepted' | 'declined' | 'withdrawn' | 'expired';

/** Data that decides whether a ticket may be transferred, read under its lock. */
export interface LockedTicket {
  holderId: string;
  itemStatus: string;
  checkedInAt: Date | null;
}

const NEXT_VERSION = { version: () => 'version + 1' };

/** Tickets on their way from one person to another. */
@Injectable()
export class TransfersRepository {
  constructor(@InjectRepository(TransferEntity) private readonly transfers: Repository<TransferEntity>) {}

  async lockTicket(tx: Tx, eventId: string, ticketId: string): Promise<LockedTicket> {
    await tx.query('SELECT FROM ticket WHERE event_id = $1 AND id = $2 FOR UPDATE', [eventId, ticketId]);
    // A statement of its own: whoever held the lock before may have begun to cancel the item.
    const [row] = await tx.query(
      `SELECT t.holder_id AS "holderId", t.checked_in_at AS "checkedInAt", i.status AS "itemStatus"
       FROM ticket t JOIN booking_item i ON i.event_id = t.event_id AND i.booking_id = t.booking_id AND i.id = t.item_id
       WHERE t.event_id = $1 AND t.id = $2`,
      [eventId, ticketId],
    );
    return row;
  }

  /** @returns the ticket's version: that of the fact to be written */
  async touchTicket(tx: Tx, eventId: string, id: string): Promise<number> {
    const { raw } = await tx.update(TicketEntity, { eventId, id }, NEXT_VERSION, { returning: 'version' });
    return raw[0].version;
  }

  /** Its tokens are worthless from now on. @returns the ticket's version */
  async handOver(tx: Tx, eventId: string, id: string, to: string): Promise<number> {
    const handedOver = { ...NEXT_VERSION, holderId: to, generation: () => 'generation + 1' };
    const { raw } = await tx.update(TicketEntity, { eventId, id }, handedOver, { returning: 'version' });
    return raw[0].version;
  }

  async insert(tx: Tx, transfer: TransferEntity): Promise<void> {
    await tx.insert(TransferEntity, transfer);
  }

  /** The offer of a ticket that is not over, also when its time is. */
  open(tx: Tx, ticketId: string): Promise<TransferEntity | null> {
    return tx.findOne(TransferEntity, {
      where: { ticketId, state: 'offered' },
      lock: { mode: 'pessimistic_write' },
    });
  }

  async end(tx: Tx, id: string, state: TransferState): Promise<void> {
    await tx.update(TransferEntity, { id }, { state, toEmail: null });
  }

  find(id: string): Promise<TransferEntity | null> {
    return this.transfers.findOneBy({ id });
  }

  /** Open offers to an address or from a person, newest first. */
  offers(email: string, fromId: string): Promise<TransferEntity[]> {
    const open = { state: 'offered', expiresAt: toCome() } as const;
    const toEmail = Raw((column) => `lower(${column}) = lower(:email)`, { email });
    return this.transfers.find({
      where: [
        { ...open, toEmail },
        { ...open, fromId },
      ],
      order: { id: 'DESC' },
      take: 100,
    });
  }

  /** Offers whose time is over. */
  overdue(limit: number): Promise<TransferEntity[]> {
    return this.transfers.find({ where: { state: 'offered', expiresAt: past() }, take: limit });
  }
}
