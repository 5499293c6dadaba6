import { rmSync } from 'node:fs';
import { newId } from '../src/platform/common/ids.js';
import { makeDataFolder } from '../test/support/data-folder.js';
import { asAdmin } from '../test/support/database.js';
import { EventlyProcess } from '../test/support/process.js';
import { RabbitMq } from '../test/support/rabbitmq.js';
import { until } from '../test/support/until.js';

const ROLES = ['all', 'api', 'worker'] as const;
const BROKERS = ['none', 'up', 'down'] as const;
const DEMOS = ['on', 'off'] as const;
const FOLDERS = ['new folder', 'old folder', 'new DATABASE_URL', 'old DATABASE_URL'] as const;
const AT_ONCE = [1, 2] as const;

/** One way in which people start Evently: role, broker, demo data, folder, and starts at once. */
export interface Combination {
  readonly role: (typeof ROLES)[number];
  readonly broker: (typeof BROKERS)[number];
  readonly demo: (typeof DEMOS)[number];
  readonly on: (typeof FOLDERS)[number];
  readonly atOnce: (typeof AT_ONCE)[number];
}

export const COMBINATIONS: readonly Combination[] = ROLES.flatMap((role) =>
  BROKERS.flatMap((broker) =>
    DEMOS.flatMap((demo) =>
      FOLDERS.flatMap((on) => AT_ONCE.map((atOnce) => ({ role, broker, demo, on, atOnce }))),
    ),
  ),
);

export const nameOf = ({ role, broker, demo, on, atOnce }: Combination): string =>
  `${role}, broker ${broker}, demo ${demo}, ${on}${atOnce > 1 ? ', two at once' : ''}`;

export interface StartsOutcome {
  ready: number;
  refused: number;
  /** Neither within the time, or with more than one line. */
  wrong: string[];
  slowest: number;
}

/** One clear line besides what every start says of its progress. */
const PROGRESS =
  /^(Starting PostgreSQL|Waiting for another Evently|Migrated the database|Loading the demo|\{")/;

/**
 * Makes `count` starts of one combination, two at once counting as two; each time on a new database, or on one that a
 * start has made before.
 */
export async function startCombination(
  combination: Combination,
  count: number,
  { amqpUrl, deadline = 30_000 }: { amqpUrl?: string; deadline?: number },
): Promise<StartsOutcome> {
  const outcome: StartsOutcome = { ready: 0, refused: 0, wrong: [], slowest: 0 };
  const isNew = combination.on.startsWith('new');
  let place = await makePlace(combination);
  try {
    if (!isNew) await round({ ...combination, atOnce: 1 }, place.env, amqpUrl, 10 * deadline, undefined);
    for (let i = 0; i < count / combination.atOnce; i++) {
      await round(combination, place.env, amqpUrl, deadline, outcome);
      if (!isNew) continue;
      await place.remove();
      place = await makePlace(combination);
    }
  } finally {
    await place.remove();
  }
  return outcome;
}

async function round(
  { role, broker, demo, on, atOnce }: Combination,
  env: Record<string, string>,
  amqpUrl: string | undefined,
  deadline: number,
  outcome: StartsOutcome | undefined,
): Promise<void> {
  const settings = {
    ...env,
    PORT: '0',
    EVENTLY_ROLE: role,
    EVENTLY_DEMO: demo,
    ...(broker !== 'none' && { AMQP_URL: broker === 'up' ? (amqpUrl ?? '') : 'amqp://127.0.0.1:1' }),
  };
  const began = Date.now();
  const started = Array.from({ length: atOnce }, () => new EventlyProcess(settings));
  let ready = 0;
  for (const evently of started) {
    const end = await Promise.race([
      evently.ready().then(
        () => 'ready' as const,
        () => 'ended' as const,
      ),
      until(() => false, Math.max(1, deadline - (Date.now() - began))).catch(() => 'late' as const),
    ]);
    const said = evently.output
      .trim()
      .split('\n')
      .filter((line) => !PROGRESS.test(line));
    const refusal = end === 'ended' && said.length === 1 && (await evently.end()) === 1;
    if (end === 'ready') ready++;
    if (!outcome) continue;
    if (end === 'ready') outcome.ready++;
    else if (refusal) outcome.refused++;
    else outcome.wrong.push(`${end}: ${evently.output.slice(-600)}`);
  }
  // Two on one database are two replicas; of two on one folder one serves.
  const expected = on.endsWith('folder') ? 1 : atOnce;
  if (outcome) {
    outcome.slowest = Math.max(outcome.slowest, Date.now() - began);
    if (ready !== expected) {
      const said = started.map(({ output }) => output.slice(-600)).join('\n');
      outcome.wrong.push(`${ready} of ${atOnce} were ready, not ${expected}:\n${said}`);
    }
  }
  await Promise.all(
    started.map(async (evently) => {
      if (!evently.hasEnded) evently.signal('SIGTERM');
      await until(() => evently.hasEnded, deadline).catch(() => evently.end('SIGKILL'));
    }),
  );
}

/** A data folder, and with DATABASE_URL an empty database on the drill's server. */
async function makePlace({ on }: Combination): Promise<{
  env: Record<string, string>;
  remove(): Promise<void>;
}> {
  const folder = makeDataFolder('starts');
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  if (on.endsWith('folder')) return { env: { EVENTLY_DATA_DIR: folder }, remove: async () => removeFolder() };
  const name = `starts_${newId().replaceAll('-', '')}`;
  await asAdmin(`CREATE DATABASE ${name}`);
  const url = new URL(process.env.DATABASE_URL ?? '');
  url.pathname = `/${name}`;
  return {
    env: { EVENTLY_DATA_DIR: folder, DATABASE_URL: url.href },
    remove: async () => {
      await asAdmin(`DROP DATABASE ${name} WITH (FORCE)`);
      removeFolder();
    },
  };
}

/** @returns how many combinations had a start that ended otherwise than in "ready" or in one clear line */
export async function runStarts(
  count: number,
  wanted: (name: string) => boolean,
  say: (line: string) => void,
): Promise<number> {
  const chosen = COMBINATIONS.filter((combination) => wanted(nameOf(combination)));
  const rabbit = chosen.some(({ broker }) => broker === 'up') ? await RabbitMq.start() : undefined;
  let failed = 0;
  try {
    say(`\n${chosen.length} combinations, each started ${count} times\n`);
    say('| starts | ready | one line | wrong | slowest |\n| --- | --- | --- | --- | --- |');
    for (const combination of chosen) {
      const { ready, refused, wrong, slowest } = await startCombination(combination, count, {
        amqpUrl: rabbit?.url,
      });
      if (wrong.length > 0) failed++;
      const seconds = (slowest / 1_000).toFixed(1);
      say(`| ${nameOf(combination)} | ${ready} | ${refused} | ${wrong.length} | ${seconds} s |`);
      for (const line of wrong) say(line.replace(/^/gm, '    '));
    }
  } finally {
    await rabbit?.remove();
  }
  return failed;
}
