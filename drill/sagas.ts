import type { FaultName } from './faults.js';
import { type Result, runCell } from './matrix.js';
import { Stage } from './stage.js';
import { placesOf, type Story } from './stories.js';

/** Every fault at every place of the stories. @returns how many left something wrong */
export async function runSagas(
  stories: readonly Story[],
  faults: readonly FaultName[],
  say: (line: string) => void,
): Promise<number> {
  let failed = 0;
  const stage = await Stage.build();
  for (const story of stories) {
    say(`\n${story.name}`);
    for (const place of placesOf(story))
      for (const fault of faults) {
        const result = await runCell(stage, story, { ...place, fault });
        if (result.end === 'failed') failed++;
        say(`  ${printed(result)}`);
      }
  }
  await stage.close();
  return failed;
}

function printed({ strike: { fault, when, undo, step }, end, problem, seconds }: Result): string {
  const where = `${when} ${undo ? 'undoing ' : ''}${step}`;
  const line = `${end.padEnd(12)}${fault.padEnd(16)}${where.padEnd(28)}${seconds.toFixed(1)} s`;
  return problem ? `${line}\n    ${problem}` : line;
}
