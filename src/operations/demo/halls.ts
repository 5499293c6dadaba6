import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../platform/common/paths.js';
import type { PlansService } from '../../venues/plans.service.js';
import type { VenuesService } from '../../venues/venues.service.js';
import { arena } from './arena.js';
import { club } from './club.js';
import { theatre } from './theatre.js';

/** One venue of the demo with what is sold in it. */
export interface DemoHall {
  /** Address of the organizer's account. */
  organizer: string;
  venue: Parameters<VenuesService['create']>[1];
  plan: () => Parameters<PlansService['import']>[2];
  /** Minor units by category or area of the plan. */
  prices: Record<string, number>;
  events: DemoEvent[];
}

export interface DemoEvent {
  title: string;
  description: string;
  category: string;
  /** Days from the first start of the demo; negative: the event is over. */
  daysAhead: number;
  minAge?: number;
  durationMinutes?: number;
  /** File in data/demo, without its ending. */
  picture: string;
  /** Share of the places that is sold, and for how many days the sale has gone on. */
  sold: { share: number; days: number };
  /** How many wait for places. */
  waiting?: number;
  /** Why it was called off. */
  calledOff?: string;
}

const DATA = join(ROOT, 'data', 'venues', 'riethsporthalle-erfurt');
const read = (kind: string) => JSON.parse(readFileSync(`${DATA}.${kind}.json`, 'utf8'));

export const DEMO_HALLS: DemoHall[] = [
  {
    organizer: 'organizer@evently.test',
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
    prices: {
      'Kategorie I': 2_800,
      'Kategorie II': 2_300,
      'Kategorie III': 1_800,
      Fanblock: 1_500,
      'C unten': 2_500,
      VIP: 6_500,
      Stehplatz: 1_200,
    },
    events: [
      {
        title: 'Handball: Erfurt – Leipzig',
        description: 'First home match of the spring.',
        category: 'Handball',
        daysAhead: 30,
        durationMinutes: 90,
        picture: 'handball',
        sold: { share: 0.2, days: 45 },
      },
    ],
  },
  {
    organizer: 'organizer@evently.test',
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
    prices: {
      'Lower side': 9_500,
      'Lower end': 7_900,
      Club: 14_900,
      'Upper side': 5_900,
      'Upper end': 3_900,
    },
    events: [
      {
        title: 'Open Air: Night of the Orchestras',
        description:
          'Three orchestras, one evening:\n\n- **Dvořák** at sunset\n- **Film music** after dark\n- *Boléro* for the fireworks\n\nThe bowl has no roof over the lower sides: bring a coat.',
        category: 'Concert',
        daysAhead: 60,
        minAge: 6,
        durationMinutes: 150,
        picture: 'open-air',
        sold: { share: 0.005, days: 60 },
      },
    ],
  },
  {
    organizer: 'organizer2@evently.test',
    venue: {
      name: 'Theater am Stadtgraben',
      address: 'Grabenweg 4',
      city: 'Weimar',
      country: 'DE',
      timezone: 'Europe/Berlin',
      capacity: 165,
      description: 'Ein erfundenes Theater: Parkett und Rang in Bögen, sechs Logen.',
    },
    plan: theatre,
    prices: { 'Parkett vorn': 4_200, Parkett: 3_400, Rang: 2_200, Loge: 4_800 },
    events: [
      {
        title: 'Der zerbrochne Krug',
        description:
          'Lustspiel von Heinrich von Kleist. Ein Richter sucht den Täter und findet sich selbst. Keine Pause.',
        category: 'Theater',
        daysAhead: 12,
        minAge: 12,
        durationMinutes: 100,
        picture: 'krug',
        sold: { share: 1, days: 52 },
        waiting: 4,
      },
      {
        title: 'Ein Sommernachtstraum',
        description:
          'Komödie von William Shakespeare, in der Übersetzung von August Wilhelm Schlegel. Eine Pause.',
        category: 'Theater',
        daysAhead: 20,
        minAge: 10,
        durationMinutes: 150,
        picture: 'sommernachtstraum',
        sold: { share: 0.97, days: 40 },
      },
      {
        title: 'Die Zauberflöte für Kinder',
        description: 'Mozarts Oper in einer Stunde, zum Mitsingen.',
        category: 'Familie',
        daysAhead: -3,
        minAge: 6,
        durationMinutes: 60,
        picture: 'zauberfloete',
        sold: { share: 0.8, days: 57 },
      },
    ],
  },
  {
    organizer: 'organizer2@evently.test',
    venue: {
      name: 'Signal Club',
      address: 'Am Güterbahnhof 9',
      city: 'Leipzig',
      country: 'DE',
      timezone: 'Europe/Berlin',
      capacity: 150,
      description: 'A made-up club: a floor and a gallery to stand, a balcony to sit.',
    },
    plan: club,
    prices: { Floor: 1_900, Gallery: 2_400, Balcony: 2_900 },
    events: [
      {
        title: 'Late Train: album release',
        description: 'Synth pop from the sleeping car. Support starts at eight.',
        category: 'Concert',
        daysAhead: 9,
        minAge: 16,
        picture: 'late-train',
        sold: { share: 0.97, days: 30 },
      },
      {
        title: 'Poetry Slam: four minutes each',
        description: 'Eight poets, one microphone, and you are the jury.',
        category: 'Spoken word',
        daysAhead: 16,
        durationMinutes: 120,
        picture: 'poetry-slam',
        sold: { share: 0.4, days: 25 },
      },
      {
        title: 'Low Tide Quartet',
        description: 'Jazz for a slow evening.',
        category: 'Concert',
        daysAhead: 24,
        minAge: 18,
        picture: 'low-tide',
        sold: { share: 0.3, days: 20 },
        calledOff: 'The pianist is ill. We are sorry.',
      },
    ],
  },
];
