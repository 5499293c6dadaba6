import { writeFileSync } from 'node:fs';
import pg from 'pg';
import { onOwnServer } from '../support/own-server.js';
import { readTables } from './catalog.js';
import { erDocument } from './er.js';

await onOwnServer('error', async (url) => {
  const db = new pg.Client(url);
  await db.connect();
  writeFileSync('docs/ER.md', erDocument(await readTables(db)));
  await db.end();
});
