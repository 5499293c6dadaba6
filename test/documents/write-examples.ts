import { writeFileSync } from 'node:fs';
import { onOwnServer } from '../support/own-server.js';

await onOwnServer('error', async () => {
  const { recordExamples } = await import('./examples.js');
  writeFileSync('data/api-examples.json', `${JSON.stringify(await recordExamples(), null, 1)}\n`);
});
