import { writeFileSync } from 'node:fs';
import { onOwnServer } from '../support/own-server.js';

const COLLECTION = 'docs/evently.postman_collection.json';
const ENVIRONMENT = 'docs/evently.postman_environment.json';

await onOwnServer('error', async () => {
  const { startApp } = await import('../support/app.js');
  const { postmanCollection, postmanEnvironment } = await import('./postman.js');
  const app = await startApp();
  const { body } = await app.client().get('//openapi.json');
  writeFileSync(COLLECTION, `${JSON.stringify(postmanCollection(body), null, 2)}\n`);
  writeFileSync(ENVIRONMENT, `${JSON.stringify(postmanEnvironment(), null, 2)}\n`);
  await app.close();
});
