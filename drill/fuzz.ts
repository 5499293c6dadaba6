import { startApp } from '../test/support/app.js';
import { assertAuditClean } from '../test/support/audit.js';
import { Fuzzer } from '../test/support/fuzz.js';

/** Hostile requests to every route as everybody, and a table of the answers. Gives the number of things that are wrong. */
export async function runFuzz(count: number, seed: number, say: (line: string) => void): Promise<number> {
  say(`\n${count} hostile requests, then what was refused once more: --seed ${seed}`);
  const app = await startApp({
    webhooks: { allowPrivate: true },
    inventory: { sweeper: false },
    waitlist: { worker: false },
  });
  try {
    const { sent, routes, compared, answers, wrong } = await Fuzzer.run(app, count, seed, (line) =>
      say(`  ${line}`),
    );
    say(`  ${sent} requests to ${routes} routes and pages; ${compared} refused ones changed nothing`);
    for (const [who, counts] of Object.entries(answers)) say(`  ${who.padEnd(10)} ${classes(counts)}`);
    await assertAuditClean(app);
    return wrong.length;
  } finally {
    await app.close();
  }
}

const classes = (counts: Record<string, number>): string =>
  ['2xx', '3xx', '4xx', '5xx'].map((kind) => `${kind} ${String(counts[kind] ?? 0).padStart(6)}`).join('   ');
