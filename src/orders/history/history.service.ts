import { Injectable } from '@nestjs/common';
import { BookingsService } from '../../bookings/bookings.service.js';
import type { Principal } from '../../platform/access/principal.js';
import { FactsService } from '../../platform/facts/facts.service.js';
import { HistoryRepository } from './history.repository.js';
import { type ToldFact, tell } from './history.rules.js';
import type { BookingHistory } from './history.schemas.js';

/** History read from the facts. */
@Injectable()
export class HistoryService {
  constructor(
    private readonly bookings: BookingsService,
    private readonly history: HistoryRepository,
    private readonly facts: FactsService,
  ) {}

  /** All that happened to a booking, its payments and its tickets, oldest first. Errors: `not_found`. */
  async ofBooking(user: Principal, id: string): Promise<BookingHistory> {
    const { userId } = await this.bookings.find(user, id);
    const facts = await this.facts.histories(await this.history.streams(id));
    return { data: tell(userId, facts as ToldFact[]) };
  }
}
