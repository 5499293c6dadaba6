import { Injectable } from '@nestjs/common';
import { MetersService } from '../../platform/observability/meters.service.js';
import { HoldsRepository } from './holds.repository.js';

const STATES = ['held', 'paying'];

/** Shows how many bookings hold seats for a while. */
@Injectable()
export class OpenBookingsService {
  constructor(holds: HoldsRepository, meters: MetersService) {
    meters.installation(
      'bookings',
      [
        { name: 'evently_bookings_open', help: 'Bookings that are held or being paid, by state' },
        {
          name: 'evently_bookings_overdue',
          help: 'Bookings whose deadline was more than a minute ago: the sweeper should have ended them; a request for their seats still does',
        },
      ],
      async () => {
        const found = await holds.openBookings();
        const count = (state: string, of: 'count' | 'overdue') => ({
          labels: { status: state },
          value: found.find(({ status }) => status === state)?.[of] ?? 0,
        });
        return [STATES.map((state) => count(state, 'count')), STATES.map((state) => count(state, 'overdue'))];
      },
    );
  }
}
