import type { NewVenue, VenueChanges } from './venues.schemas.js';

declare module '../platform/facts/fact-map.js' {
  interface FactMap {
    'venue.created': NewVenue & { organizerId: string };
    /** Only the fields that were sent. */
    'venue.updated': VenueChanges;
    'venue.deleted': Record<string, never>;
    'seating_plan.imported': {
      venueId: string;
      version: number;
      name: string;
      seatCount: number;
      placeCount: number;
    };
  }
}
