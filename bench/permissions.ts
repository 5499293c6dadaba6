import { performance } from 'node:perf_hooks';
import { Grants, type Membership } from '../src/auth/grants/grants.rules.js';
import { KeyRing, keyHash, looksLikeKey, newKey } from '../src/auth/keys/key.rules.js';
import { PERMISSIONS } from '../src/platform/access/permissions.js';
import { newId } from '../src/platform/common/ids.js';
import { randomFrom } from '../test/support/random.js';
import type { Gate, Options, Scenario } from './scenario.js';

const PEOPLE = 20_000;
const ORGANISATIONS = 5_000;
const EVENTS = 50;
const KEYS = 5_000;

export const permissions: Scenario = { name: 'permissions', title: 'What a member may do', run };

/** Asks in memory, as each request does: people of one to three organisations, a fifth of them for single events. */
async function run({ rounds, quick, note }: Options): Promise<Gate[]> {
  const random = randomFrom(15);
  const among = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const ids = (count: number) => Array.from({ length: count }, newId);
  const [people, organisations, events] = [ids(PEOPLE), ids(ORGANISATIONS), ids(10_000)];
  const memberships = people.flatMap((userId) =>
    Array.from({ length: 1 + Math.floor(random() * 3) }, (): Membership => {
      const single = random() < 0.2;
      return {
        userId,
        organisationId: among(organisations),
        owner: random() < 0.2,
        permissions: PERMISSIONS.filter(() => random() < 0.5),
        events: single ? Array.from({ length: EVENTS }, () => among(events)) : null,
        ended: false,
        demands: false,
        version: 1,
      };
    }),
  );
  const grants = new Grants();
  grants.learn(memberships);
  const questions = Array.from({ length: 10_000 }, () => {
    const { userId, organisationId } = among(memberships);
    return { asker: { id: userId }, organisationId, permission: among(PERMISSIONS), eventId: among(events) };
  });
  const times = quick ? 10 : 200;
  const each = Array.from({ length: rounds }, () => {
    let yes = 0;
    const began = performance.now();
    for (let time = 0; time < times; time++)
      for (const { asker, permission, organisationId, eventId } of questions)
        if (grants.can(asker, permission, organisationId, eventId)) yes++;
    const microseconds = ((performance.now() - began) * 1_000) / (times * questions.length);
    note(`${microseconds.toFixed(3)} µs, ${Math.round((100 * yes) / (times * questions.length))} % yes`);
    return microseconds;
  });
  return [
    {
      path: `a permission of one of ${PEOPLE.toLocaleString('en')} people`,
      against: 'in memory',
      unit: 'µs',
      ours: each,
      bound: { atMost: 1 },
    },
    {
      path: `a key among ${KEYS.toLocaleString('en')}, by its digest`,
      against: 'a token seen before, which is a look into a map',
      unit: 'µs',
      ours: Array.from({ length: rounds }, () => timeOfKeys(times)),
      bound: { atMost: 10 },
    },
  ];
}

/** Microseconds for finding a key, as each request with one does. */
function timeOfKeys(times: number): number {
  const keys = Array.from({ length: KEYS }, () => newKey(false));
  const ring = new KeyRing();
  ring.learn(
    keys.map((key) => ({
      id: newId(),
      organisationId: newId(),
      hash: keyHash(key).toString('hex'),
      expiresAt: null,
      ended: false,
      test: false,
      version: 1,
    })),
  );
  const began = performance.now();
  let found = 0;
  for (let time = 0; time < times / 10; time++)
    for (const key of keys) if (looksLikeKey(key) && ring.find(key)) found++;
  return ((performance.now() - began) * 1_000) / found;
}
