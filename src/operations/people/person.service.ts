import { Injectable } from '@nestjs/common';
import { RolesService } from '../../auth/accounts/roles.service.js';
import { SessionsService } from '../../auth/tokens/sessions.service.js';
import type { BookingPage } from '../../bookings/bookings.schemas.js';
import { BookingsService } from '../../bookings/bookings.service.js';
import { PaymentsService } from '../../payments/payments/payments.service.js';
import type { Reader } from '../../platform/access/principal.js';
import type { PersonBookingQuery } from './people.schemas.js';

/** One person as several areas know them, for administrators who answer that person. */
@Injectable()
export class PersonService {
  constructor(
    private readonly accounts: RolesService,
    private readonly sessions: SessionsService,
    private readonly payments: PaymentsService,
    private readonly allBookings: BookingsService,
  ) {}

  /** Errors: `not_found`, also when the person was erased. */
  async read(id: string) {
    const account = await this.accounts.find(id);
    const [open, payments] = await Promise.all([this.sessions.live({ id }), this.payments.sumsOf(id)]);
    return { account, sessions: open.length, payments };
  }

  /** Newest first. Errors: `not_found`, `invalid_cursor`. */
  async bookings(reader: Reader, id: string, query: PersonBookingQuery): Promise<BookingPage> {
    await this.accounts.find(id);
    return this.allBookings.listFor(reader, id, query);
  }
}
