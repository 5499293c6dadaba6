import { Injectable } from '@nestjs/common';
import { Meters } from '../observability/meters.service.js';
import { InventoryRepository } from './inventory.repository.js';

const STATES = ['held', 'paying'];

/** Shows how many bookings hold seats for a while. */
@Injectable()
export class OpenBookings {
  constructor(inventory: InventoryRepository, meters: Meters) {
    meters.installation(
      'bookings',
      [
        { name: 'evently_bookings_open', help: 'Bookings that are held or being paid, by state' },
        {
          name: 'evently_bookings_overdue',
          help: 'Those whose deadline was more than a minute ago; whoever asks for their seats ends them, and the sweeper should have',
        },
      ],
      async () => {
        const found = await inventory.openBookings();
        const count = (state: string, of: 'count' | 'overdue') => ({
          labels: { status: state },
          value: found.find(({ status }) => status === state)?.[of] ?? 0,
        });
        return [STATES.map((state) => count(state, 'count')), STATES.map((state) => count(state, 'overdue'))];
      },
    );
  }
}
