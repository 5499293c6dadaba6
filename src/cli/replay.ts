import 'reflect-metadata';
import { parseArgs } from 'node:util';
import type { EventReplay } from '../orders/history/replay.service.js';
import { loadConfig } from '../platform/config/config.js';
import { replayEvents } from './checks.js';
import { runCommand, UsageError, withDatabase } from './command.js';

const USAGE = `Builds bookings, items, seats and areas from facts alone, in a scratch schema, and compares them row by row with
what stands, in one snapshot of the database: also while a sale goes on.

  npm run replay                      all events
  npm run replay -- --event ID        one of them

The exit code is 1 when anything is different. Nothing is changed.
The database is that of DATABASE_URL, else the embedded one of EVENTLY_DATA_DIR (default .evently), running or not.`;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const number = (value: number): string => value.toLocaleString('en');

const sums = { events: 0, facts: 0, rows: 0, different: 0 };

function print({
  eventId,
  facts,
  rows,
  different,
  examples,
  broken,
  reservedForWaitlist,
}: EventReplay): void {
  const all = Object.values(rows).reduce((sum, count) => sum + count, 0);
  sums.events++;
  sums.facts += facts;
  sums.rows += all;
  sums.different += different;
  const counts = Object.entries(rows).map(([table, count]) => `${number(count)} ${table}`);
  console.log(`${eventId}  ${number(facts)} facts, ${counts.join(', ')}: ${number(different)} different`);
  if (reservedForWaitlist > 0)
    console.log(
      `  ${number(reservedForWaitlist)} kept for the waitlist for a minute, of which facts do not tell`,
    );
  for (const line of broken) console.log(`  - no history of a booking: ${line}`);
  for (const { table, key, told, stands } of examples)
    console.log(
      `  - ${table} ${key}\n      facts:  ${JSON.stringify(told)}\n      stands: ${JSON.stringify(stands)}`,
    );
}

await runCommand(USAGE, async () => {
  const { values } = parseArgs({ options: { event: { type: 'string' } } });
  if (values.event !== undefined && !UUID.test(values.event))
    throw new UsageError(`--event: ${values.event} is no id of an event.\n\n${USAGE}`);
  await withDatabase(loadConfig(process.env), (config) => replayEvents(config, values.event ?? null, print));
  if (values.event !== undefined && sums.events === 0)
    throw new UsageError(`The event ${values.event} has not been published, or there is none.`);
  const { events, facts, rows, different } = sums;
  console.log(
    `\n${number(facts)} facts of ${number(events)} events, ${number(rows)} rows: ${
      different === 0 ? 'all as the facts tell.' : `${number(different)} are not as the facts tell.`
    }`,
  );
  if (different > 0) process.exitCode = 1;
});
