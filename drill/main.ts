import { parseArgs } from 'node:util';
import { onOwnServer } from '../test/support/own-server.js';
import { FAULTS } from './faults.js';
import type { Result } from './matrix.js';
import { placesOf, STORIES } from './stories.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { fault: { type: 'string', multiple: true } },
});
const faults = FAULTS.filter((name) => !values.fault || values.fault.includes(name));
const stories = STORIES.filter(
  ({ name }) => positionals.length === 0 || positionals.some((filter) => name.includes(filter)),
);
const broker = positionals.length === 0 || positionals.includes('broker');
if (faults.length === 0 || (stories.length === 0 && !broker)) {
  const names = [...STORIES.map(({ name }) => name), 'broker'];
  console.error(`Faults: ${FAULTS.join(', ')}. Stories: ${names.join(', ')}.`);
  process.exit(1);
}

let failed = 0;
await onOwnServer('silent', async () => {
  const { Stage } = await import('./stage.js');
  const { runCell } = await import('./matrix.js');
  const stage = await Stage.build();
  for (const story of stories) {
    console.log(`\n${story.name}`);
    for (const place of placesOf(story))
      for (const fault of faults) {
        const result = await runCell(stage, story, { ...place, fault });
        if (result.end === 'failed') failed++;
        console.log(`  ${printed(result)}`);
      }
  }
  await stage.close();
  if (broker) {
    const { brokerAway } = await import('./broker.js');
    const line = await brokerAway().catch((error) => {
      failed++;
      return `failed      ${error}`;
    });
    console.log(`\nbroker away for a minute\n  ${line}`);
  }
});
console.log(
  failed === 0 ? '\nMoney, tickets, seats and facts agree after every fault' : `\n${failed} failed`,
);
process.exit(failed === 0 ? 0 : 1);

function printed({ strike: { fault, when, undo, step }, end, problem, seconds }: Result): string {
  const where = `${when} ${undo ? 'undoing ' : ''}${step}`;
  const line = `${end.padEnd(12)}${fault.padEnd(16)}${where.padEnd(28)}${seconds.toFixed(1)} s`;
  return problem ? `${line}\n    ${problem}` : line;
}
