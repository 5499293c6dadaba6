import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.service.js';
import type { Tx } from '../database/tx.js';

export type TransferState = 'offered' | 'accepted' | 'declined' | 'withdrawn' | 'expired';

export interface TransferRecord {
  id: string;
  eventId: string;
  ticketId: string;
  fromId: string;
  /** Null when it is over. */
  toEmail: string | null;
  state: TransferState;
  createdAt: Date;
  expiresAt: Date;
}

/** What decides whether a ticket may change hands, read under its lock. */
export interface LockedTicket {
  holderId: string;
  itemStatus: string;
  checkedInAt: Date | null;
}

const COLUMNS = `id, event_id AS "eventId", ticket_id AS "ticketId", from_id AS "fromId", to_email AS "toEmail", state,
  created_at AS "createdAt", expires_at AS "expiresAt"`;

type Row = TransferRecord & Record<string, unknown>;

/** Tickets on their way from one person to another. */
@Injectable()
export class TransfersRepository {
  constructor(private readonly database: Database) {}

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
  async touchTicket(tx: Tx, eventId: string, ticketId: string): Promise<number> {
    const [[row]] = await tx.query(
      'UPDATE ticket SET version = version + 1 WHERE event_id = $1 AND id = $2 RETURNING version',
      [eventId, ticketId],
    );
    return row.version;
  }

  /** Its tokens are worthless from now on. @returns the ticket's version */
  async handOver(tx: Tx, eventId: string, ticketId: string, to: string): Promise<number> {
    const [[row]] = await tx.query(
      `UPDATE ticket SET holder_id = $3, generation = generation + 1, version = version + 1
       WHERE event_id = $1 AND id = $2 RETURNING version`,
      [eventId, ticketId, to],
    );
    return row.version;
  }

  async insert(tx: Tx, transfer: TransferRecord): Promise<void> {
    await tx.query(
      `INSERT INTO ticket_transfer (id, event_id, ticket_id, from_id, to_email, created_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [
        transfer.id,
        transfer.eventId,
        transfer.ticketId,
        transfer.fromId,
        transfer.toEmail,
        transfer.createdAt,
        transfer.expiresAt,
      ],
    );
  }

  /** The offer of a ticket that is not over, also when its time is. */
  async open(tx: Tx, ticketId: string): Promise<TransferRecord | undefined> {
    const [row] = await tx.query(
      `SELECT ${COLUMNS} FROM ticket_transfer WHERE ticket_id = $1 AND state = 'offered' FOR UPDATE`,
      [ticketId],
    );
    return row;
  }

  async end(tx: Tx, id: string, state: TransferState): Promise<void> {
    await tx.query('UPDATE ticket_transfer SET state = $2, to_email = NULL WHERE id = $1', [id, state]);
  }

  async find(id: string): Promise<TransferRecord | undefined> {
    const rows = await this.database.statement<Row>(
      'ticket_transfer.find',
      `SELECT ${COLUMNS} FROM ticket_transfer WHERE id = $1`,
      [id],
    );
    return rows[0];
  }

  /** Open offers to an address or from a person, newest first. */
  offers(email: string, fromId: string): Promise<TransferRecord[]> {
    return this.database.statement<Row>(
      'ticket_transfer.offers',
      `SELECT ${COLUMNS} FROM ticket_transfer
       WHERE state = 'offered' AND expires_at > clock_timestamp() AND (lower(to_email) = lower($1) OR from_id = $2)
       ORDER BY id DESC LIMIT 100`,
      [email, fromId],
    );
  }

  /** Offers whose time is over. */
  overdue(limit: number): Promise<TransferRecord[]> {
    return this.database.statement<Row>(
      'ticket_transfer.overdue',
      `SELECT ${COLUMNS} FROM ticket_transfer WHERE state = 'offered' AND expires_at <= clock_timestamp() LIMIT $1`,
      [limit],
    );
  }
}
