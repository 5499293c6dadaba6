import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { claimOf, type IdempotentCall } from '../../platform/common/idempotent-call.js';
import { correlationId } from '../../platform/common/request-context.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { TicketEntity } from '../ticket.entity.js';

export interface Scanning {
  readonly eventId: string;
  /** Ticket, named by the contents of its QR code or by its code for people. */
  readonly ticket: { readonly id: string; readonly generation: number } | { readonly code: string };
  /** true: the holder enters; false: a scan is undone. */
  readonly enter: boolean;
  readonly gate: string;
}

export interface ScannedTicket {
  readonly id: string;
  readonly code: string;
  readonly n: number | null;
  readonly area: number | null;
  readonly at: string | null;
  readonly gate: string | null;
}

/** Refused scan; `at`, `gate`: of the scan that was first. */
export interface Refused {
  readonly outcome: string;
  readonly answer?: undefined;
  readonly at: string;
  readonly gate: string;
}

export type ScanResult =
  | { readonly outcome: 'ok'; readonly answer: ScannedTicket }
  | { readonly outcome: 'replay'; readonly status: number; readonly answer: ScannedTicket }
  | Refused;

/** Scans at the gates. */
@Injectable()
export class CheckInRepository {
  constructor(
    @InjectRepository(TicketEntity) private readonly tickets: Repository<TicketEntity>,
    private readonly database: DatabaseService,
  ) {}

  /** One call that locks the ticket; of many at once one wins. Outcomes other than these two are error codes. */
  scan(
    { eventId, ticket, enter, gate }: Scanning,
    actor: string,
    call: IdempotentCall | undefined,
  ): Promise<ScanResult> {
    const named = 'code' in ticket ? [null, null, ticket.code] : [ticket.id, ticket.generation, null];
    return this.database.call(
      'ticket.scan',
      'SELECT ticket_scan_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) AS result',
      [eventId, ...named, enter, gate, actor, ...claimOf(call), correlationId()],
    );
  }

  /** Id of the ticket that has this code for people now. */
  async idOf(eventId: string, code: string): Promise<string | undefined> {
    return (await this.tickets.findOneBy({ eventId, code }))?.id;
  }

  /** Good tickets, and those that are in, by gate. */
  async count(eventId: string): Promise<{ gate: string | null; tickets: number }[]> {
    return this.database.statement(
      'ticket.attendance',
      `SELECT t.gate, count(*)::int AS tickets FROM ticket t
       JOIN booking_item i ON i.event_id = t.event_id AND i.booking_id = t.booking_id AND i.id = t.item_id
       WHERE t.event_id = $1 AND i.status = 'confirmed' GROUP BY t.gate ORDER BY t.gate`,
      [eventId],
    );
  }
}
