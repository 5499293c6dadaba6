import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { newId } from '../src/platform/common/ids.js';
import { DatabaseService } from '../src/platform/database/database.service.js';
import { VenueEntity } from '../src/venues/venue.entity.js';
import { startApp, type TestApp } from '../test/support/app.js';
import { type Gate, interleave, type Options, type Scenario } from './scenario.js';
import { median } from './stats.js';

/** Few enough that the young generation holds all that they allocate. */
const UNCOLLECTED_READS = 100;

export const oneRow: Scenario = {
  name: 'one-row',
  title: 'One row by its key: a named statement against Repository.findOneBy',
  run: async (options) => {
    const app = await startApp({ inventory: { sweeper: false } });
    try {
      return await compare(app, options);
    } finally {
      await app.close();
    }
  },
};

async function compare(app: TestApp, { rounds, quick, note }: Options): Promise<Gate[]> {
  const database = app.nest.get(DatabaseService);
  const venues = database.source.getRepository(VenueEntity);
  const id = newId();
  const place = { name: 'Hall', address: 'Main Street 1', city: 'Berlin', country: 'DE', capacity: 100 };
  await venues.insert({ ...place, id, organizerId: newId(), timezone: 'Europe/Berlin', description: null });
  const columns = venues.metadata.columns.map(
    (column) => `${column.databaseName} AS "${column.propertyName}"`,
  );
  const text = `SELECT ${columns} FROM venue WHERE id = $1`;
  const reads = {
    statement: () => database.statement('bench.one_row', text, [id]),
    repository: () => venues.findOneBy({ id }),
  };
  const times = quick ? 500 : 10_000;
  const kilobytes: Record<keyof typeof reads, number[]> = { statement: [], repository: [] };
  const side = (name: keyof typeof reads) => async (): Promise<number> => {
    kilobytes[name].push(await allocated(reads[name]));
    const began = process.cpuUsage();
    for (let i = 0; i < times; i++) await reads[name]();
    const { user, system } = process.cpuUsage(began);
    return (user + system) / times;
  };
  // The first calls of a process cost more and are not compared here.
  await interleave(1, { statement: side('statement'), repository: side('repository') });
  const cost = await interleave(rounds, { statement: side('statement'), repository: side('repository') });
  for (const name of ['statement', 'repository'] as const)
    note(
      `${name}: ${median(cost[name]).toFixed(0)} µs of processor, ${median(kilobytes[name]).toFixed(1)} kB a read`,
    );
  return [
    {
      path: 'one row by its key, one caller',
      against: 'Repository.findOneBy',
      unit: 'µs of processor',
      ours: cost.statement,
      baseline: cost.repository,
      bound: { atMost: 0.8 },
    },
  ];
}

/** Kilobytes that one read leaves to the garbage collector. */
async function allocated(read: () => Promise<unknown>): Promise<number> {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < UNCOLLECTED_READS; i++) await read();
  return (process.memoryUsage().heapUsed - before) / 1_024 / UNCOLLECTED_READS;
}
