import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DemoHouse } from './demo-house.js';

/**
 * `npm run tour` plays the whole story on a demo of its own and puts a picture of each step into docs/screenshots; with
 * `-- stranger` it counts what somebody who has never seen Evently has to do to get there.
 */
const FOLDER = join('docs', 'screenshots');
const what = process.argv[2] ?? 'story';

const { ensureTools } = await import(new URL('../../scripts/test-tools.mjs', import.meta.url).href);
const { paths } = ensureTools();
if (!paths.chromium) {
  console.error('The tour needs Chromium (Debian package chromium).');
  process.exit(1);
}
if (!['story', 'stranger'].includes(what)) {
  console.error('There are: npm run tour, npm run tour -- stranger');
  process.exit(1);
}
process.env.EVENTLY_TEST_TOOLS = JSON.stringify(paths);
process.exitCode = 1;
// Only now: it reads where the browser is.
const { openBrowser, openContext } = await import('../test/support/browser.js');
const house = await DemoHouse.open();
const browser = await openBrowser();
const close = async () => {
  await browser.close();
  await house.close();
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => void close().finally(() => process.exit(130)));
try {
  await (what === 'stranger' ? count() : tell());
} finally {
  await close();
}
process.exit();

async function count(): Promise<void> {
  const { playStranger, tellStranger } = await import('./stranger.js');
  const { context } = await openContext(browser, house.url);
  const { lines, inTime } = tellStranger(await playStranger(await context.newPage()), house.ready);
  for (const line of lines) console.log(line);
  process.exitCode = inTime ? 0 : 1;
}

async function tell(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const { Tour } = await import('./tour.js');
  await house.filled();
  await new Tour(house, browser, (name, png) => {
    console.log(`  ${name}`);
    writeFileSync(join(FOLDER, `${name}.png`), png);
  }).play();
  await house.audit();
  console.log(`The pictures are in ${FOLDER}.`);
  process.exitCode = 0;
}
