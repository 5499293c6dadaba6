import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { onOwnServer } from '../test/support/own-server.js';

/** The whole story in a real browser, on a database of its own; a picture of each step goes into docs/screenshots. */
const FOLDER = join('docs', 'screenshots');

const { ensureTools } = await import(new URL('../../scripts/test-tools.mjs', import.meta.url).href);
const { paths } = ensureTools();
if (!paths.chromium) {
  console.error('The tour needs Chromium (Debian package chromium).');
  process.exit(1);
}
process.env.EVENTLY_TEST_TOOLS = JSON.stringify(paths);
mkdirSync(FOLDER, { recursive: true });
process.exitCode = 1;
await onOwnServer('error', async () => {
  // Only now: the application's parts read the environment.
  const { Tour } = await import('./tour.js');
  const tour = await Tour.begin((name) => {
    console.log(`  ${name}`);
    return join(FOLDER, `${name}.png`);
  });
  try {
    await tour.play();
  } finally {
    await tour.end();
  }
  process.exitCode = 0;
});
console.log(`The pictures are in ${FOLDER}.`);
process.exit();
