import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../platform/common/paths.js';
import type { PlansService } from '../../venues/plans.service.js';
import type { VenuesService } from '../../venues/venues.service.js';
import { arena } from './arena.js';

/** One venue of the demo with what is sold in it. */
export interface DemoHall {
  venue: Parameters<VenuesService['create']>[1];
  plan: () => Parameters<PlansService['import']>[2];
  event: { title: string; description: string; category: string; daysAhead: number };
  /** Minor units by category or area of the plan. */
  prices: Record<string, number>;
}

const DATA = join(ROOT, 'data', 'venues', 'riethsporthalle-erfurt');
const read = (kind: string) => JSON.parse(readFileSync(`${DATA}.${kind}.json`, 'utf8'));

export const DEMO_HALLS: DemoHall[] = [
  {
    venue: {
      name: 'Riethsporthalle',
      address: 'Essener Straße 20',
      city: 'Erfurt',
      country: 'DE',
      timezone: 'Europe/Berlin',
      capacity: 1_500,
      description: 'Handball hall: 1,252 seats in six blocks and a standing area.',
    },
    plan: () => {
      const { accessible_seat_guids: accessible, general_admission: areas } = read('meta');
      return { plan: read('seating-plan'), accessible, areas };
    },
    event: {
      title: 'Handball: Erfurt – Leipzig',
      description: 'Home match. Doors open one hour before.',
      category: 'Handball',
      daysAhead: 30,
    },
    prices: {
      'Kategorie I': 2_800,
      'Kategorie II': 2_300,
      'Kategorie III': 1_800,
      Fanblock: 1_500,
      'C unten': 2_500,
      VIP: 6_500,
      Stehplatz: 1_200,
    },
  },
  {
    venue: {
      name: 'Evently Arena',
      address: 'Ringstraße 1',
      city: 'Berlin',
      country: 'DE',
      timezone: 'Europe/Berlin',
      capacity: 50_000,
      description: 'A made-up bowl of 50,000 seats, to see how large halls behave.',
    },
    plan: arena,
    event: {
      title: 'Open Air: Night of the Orchestras',
      description: 'Three orchestras, one evening.',
      category: 'Concert',
      daysAhead: 60,
    },
    prices: {
      'Lower side': 9_500,
      'Lower end': 7_900,
      Club: 14_900,
      'Upper side': 5_900,
      'Upper end': 3_900,
    },
  },
];
