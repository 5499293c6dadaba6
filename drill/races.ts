import { startApp } from '../test/support/app.js';
import { nameOf, PAIRS, Races } from '../test/support/races.js';

/** Two requests about one ticket at about the same moment, `count` times for each pair. @returns how many pairs went wrong */
export async function runRaces(
  count: number,
  wanted: (name: string) => boolean,
  say: (line: string) => void,
): Promise<number> {
  const app = await startApp({ inventory: { sweeper: false } });
  const races = new Races(app);
  let failed = 0;
  try {
    for (const pair of PAIRS) {
      if (!wanted(nameOf(pair))) continue;
      const began = performance.now();
      const { heard, wrong } = await races.run(pair, count);
      wrong.push(...(await races.audit()));
      const answers = Object.entries(heard).map(([both, times]) => `${times} × ${both}`);
      const seconds = ((performance.now() - began) / 1_000).toFixed(0);
      say(
        `  ${wrong.length === 0 ? 'ok    ' : 'failed'} ${nameOf(pair).padEnd(24)} ${answers.join('; ')} (${seconds} s)`,
      );
      for (const line of wrong.slice(0, 5)) say(`    ${line}`);
      if (wrong.length > 0) failed++;
    }
  } finally {
    await app.close();
  }
  return failed;
}
