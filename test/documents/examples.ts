import { PasswordService } from '../../src/auth/tokens/password.service.js';
import type { RecordedCall } from '../../src/operations/docs/examples.js';
import { ACCESS, type Column, ROLES, type Row } from '../support/access-table.js';
import { AccessWorld } from '../support/access-world.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Client } from '../support/client.js';
import type { Person } from '../support/people.js';
import { Recorder } from './recorder.js';
import { stable } from './stable.js';
import { playStory } from './story.js';

/** Examples that need more than a start without settings. */
export const NOT_PLAYED: Record<string, string> = {
  webhooks_stripe: 'The message of Stripe, which is not configured in this run',
  demoLogins_logins: 'Accounts of a demo, which this run is not',
  rush_state: 'The robots of a demo, which this run is not',
  rush_start: 'The robots of a demo, which this run is not',
  passkeys_login: 'The answer of a passkey, which a browser makes',
  passkeys_beginProof: 'The answer of a passkey, which a browser makes',
  passkeys_add: 'The answer of a passkey, which a browser makes',
  identities_begin: 'Another provider, which there is none of in this run',
  identities_finish: 'Another provider, which there is none of in this run',
  identities_link: 'Another provider, which there is none of in this run',
  identities_stepUp: 'Another provider, which there is none of in this run',
  adminIdentityProviders_look: 'Another provider, which there is none of in this run',
  organisationIdentityProviders_look: 'Another provider, which there is none of in this run',
  organisationHouse_logo: 'A picture',
  overview_read: 'Numbers of the last hours, other ones in each run',
};

/** Columns in the order in which a caller is chosen: the first that may call the route. */
const CALLERS: Column[] = ['owner', 'admin', 'organizer', 'user'];

/** A small hall with a block, a category and an area whose names people would choose. */
const HALL = {
  plan: {
    name: 'Small hall',
    categories: [{ name: 'Stalls', color: '#1d3557' }],
    zones: [
      {
        name: 'Hall',
        position: { x: 20, y: 20 },
        rows: ['1', '2', '3'].map((row_number, r) => ({
          row_number,
          position: { x: 0, y: r * 30 },
          seats: Array.from({ length: 16 }, (_, s) => ({
            seat_number: `${s + 1}`,
            seat_guid: `H-${row_number}-${s + 1}`,
            position: { x: s * 24, y: 0 },
            category: 'Stalls',
          })),
        })),
      },
    ],
    size: { width: 420, height: 120 },
  },
  accessible: ['H-3-1'],
  areas: [{ name: 'Standing', capacity: 10 }],
};

/**
 * Plays the whole story on an application of its own. @returns what was answered, by operation id, the same in each run
 */
export async function recordExamples(): Promise<Record<string, RecordedCall[]>> {
  const began = Date.now();
  const app = await startApp({ webhooks: { allowPrivate: true } });
  const world = await AccessWorld.open(app, HALL);
  try {
    const recorder = new Recorder((await app.client().get('//openapi.json')).body);
    await nameThem(app, world);
    await playStory(app, world, recorder);
    await playTheRest(app, world, recorder);
    const calls = [...recorder.calls].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(calls.map(([id, own]) => [id, own.map((call) => stable(began, call))]));
  } finally {
    world.close();
    await app.close();
  }
}

/** People have the names of their parts, so that answers read well and are the same in each run. */
async function nameThem(app: TestApp, world: AccessWorld): Promise<void> {
  for (const part of ['buyer', 'friend', 'user', 'organizer', 'rival', 'admin'] as const)
    await rename(app, world[part], part);
}

async function rename(app: TestApp, person: Person, part: string): Promise<void> {
  Object.assign(person, { email: `${part}@example.org` });
  const name = part[0]!.toUpperCase() + part.slice(1);
  await app.db.query('UPDATE app_user SET name = $2, email = $3 WHERE id = $1', [
    person.id,
    name,
    person.email,
  ]);
}

/** Routes that the story did not call, as the table of access calls them. */
async function playTheRest(app: TestApp, world: AccessWorld, recorder: Recorder): Promise<void> {
  for (const [route, rows] of Object.entries(ACCESS)) {
    if (recorder.has(route) || recorder.idOf(route) in NOT_PLAYED) continue;
    const [row] = [rows].flat() as [Row];
    const column = CALLERS.find((one) => row.statuses[ROLES.indexOf(one)]! < 300);
    if (!column) continue;
    const call = (await row.make?.(world)) ?? {};
    await recorder.call(
      route,
      await clientOf(app, world, column, row),
      row.statuses[ROLES.indexOf(column)]!,
      call,
    );
  }
}

let others = 0;

async function clientOf(app: TestApp, world: AccessWorld, column: Column, { owner }: Row): Promise<Client> {
  if (column !== 'owner') return (column === 'organizer' ? world.rival : world[column as 'admin']).client;
  if (owner !== 'self') return world[owner].client;
  const [person] = await app.people(1);
  await rename(app, person, `person-${++others}`);
  const hash = await app.nest.get(PasswordService).hash('a password of this test');
  await app.db.query('UPDATE app_user SET password_hash = $2 WHERE id = $1', [person.id, hash]);
  return person.client;
}
