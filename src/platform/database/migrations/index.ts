import { Foundation1700000000000 } from './1700000000000-foundation.js';
import { Seals1700000000500 } from './1700000000500-seals.js';
import { Accounts1700000001000 } from './1700000001000-accounts.js';
import { Venues1700000002000 } from './1700000002000-venues.js';
import { Events1700000003000 } from './1700000003000-events.js';
import { Inventory1700000004000 } from './1700000004000-inventory.js';
import { Sagas1700000004500 } from './1700000004500-sagas.js';
import { Payments1700000005000 } from './1700000005000-payments.js';
import { Tickets1700000007000 } from './1700000007000-tickets.js';
import { Waitlist1700000008000 } from './1700000008000-waitlist.js';
import { Notifications1700000009000 } from './1700000009000-notifications.js';
import { Webhooks1700000010000 } from './1700000010000-webhooks.js';
import { Operations1700000011000 } from './1700000011000-operations.js';
import { FeedSalt1700000014000 } from './1700000014000-feed-salt.js';
import { Acts1700000016000 } from './1700000016000-acts.js';
import { Partitions1700000018000 } from './1700000018000-partitions.js';
import { Analytics1700000020000 } from './1700000020000-analytics.js';
import { Gates1700000021000 } from './1700000021000-gates.js';
import { TimeZones1700000025000 } from './1700000025000-time-zones.js';
import { ParkedRetries1700000025100 } from './1700000025100-parked-retries.js';
import { Search1700000025200 } from './1700000025200-search.js';
import { SoldPlaces1700000025300 } from './1700000025300-sold-places.js';
import { HoldExtension1700000025400 } from './1700000025400-hold-extension.js';
import { RestoredAt1700000027000 } from './1700000027000-restored-at.js';
import { SaleNotifications1700000029000 } from './1700000029000-sale-notifications.js';
import { MendedSeats1700000030000 } from './1700000030000-mended-seats.js';
import { SaleInFeed1700000030100 } from './1700000030100-sale-in-feed.js';
import { UnnamedZones1700000031000 } from './1700000031000-unnamed-zones.js';
import { House1700000032000 } from './1700000032000-house.js';
import { EventFacts1700000033000 } from './1700000033000-event-facts.js';
import { Images1700000033100 } from './1700000033100-images.js';
import { LocksAndAttachments1700000033400 } from './1700000033400-locks-and-attachments.js';
import { SalePause1700000034000 } from './1700000034000-sale-pause.js';
import { Organisations1700000035000 } from './1700000035000-organisations.js';
import { Logins1700000036000 } from './1700000036000-logins.js';
import { Passkeys1700000036100 } from './1700000036100-passkeys.js';
import { Identities1700000036200 } from './1700000036200-identities.js';
import { Sandbox1700000037000 } from './1700000037000-sandbox.js';
import { BuyerSessions1700000038000 } from './1700000038000-buyer-sessions.js';
import { OrganisationHouses1700000039000 } from './1700000039000-organisation-houses.js';
import { ActsOfOrganisations1700000039100 } from './1700000039100-acts-of-organisations.js';

/** In the order they apply. */
export const migrations = [
  Foundation1700000000000,
  Seals1700000000500,
  Accounts1700000001000,
  Venues1700000002000,
  Events1700000003000,
  Inventory1700000004000,
  Sagas1700000004500,
  Payments1700000005000,
  Tickets1700000007000,
  Waitlist1700000008000,
  Notifications1700000009000,
  Webhooks1700000010000,
  Operations1700000011000,
  FeedSalt1700000014000,
  Acts1700000016000,
  Partitions1700000018000,
  Analytics1700000020000,
  Gates1700000021000,
  TimeZones1700000025000,
  ParkedRetries1700000025100,
  Search1700000025200,
  SoldPlaces1700000025300,
  HoldExtension1700000025400,
  RestoredAt1700000027000,
  SaleNotifications1700000029000,
  MendedSeats1700000030000,
  SaleInFeed1700000030100,
  UnnamedZones1700000031000,
  House1700000032000,
  EventFacts1700000033000,
  Images1700000033100,
  LocksAndAttachments1700000033400,
  SalePause1700000034000,
  Organisations1700000035000,
  Logins1700000036000,
  Passkeys1700000036100,
  Identities1700000036200,
  Sandbox1700000037000,
  BuyerSessions1700000038000,
  OrganisationHouses1700000039000,
  ActsOfOrganisations1700000039100,
];
