import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onOwnServer } from './own-server.js';

// Without a database the application does not start.
await onOwnServer('error', async () => {
  const [{ startApp }, { CLIENT_SOURCES, clientTypes }] = await Promise.all([
    import('./app.js'),
    import('./client-types.js'),
  ]);
  const app = await startApp();
  try {
    const [openApi, asyncApi] = await Promise.all(
      ['//openapi.json', '//asyncapi.json'].map(async (path) => (await app.client().get(path)).body),
    );
    for (const [name, text] of Object.entries(await clientTypes(openApi, asyncApi)))
      writeFileSync(join(CLIENT_SOURCES, name), text);
  } finally {
    await app.close();
  }
});
process.exit();
