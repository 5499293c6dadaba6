import 'reflect-metadata';
import { createApp } from '../src/app.js';
import { InvariantsService } from '../src/operations/invariants/invariants.service.js';
import { given, serveParent } from '../test/support/child.js';
import { configWith } from '../test/support/config.js';
import { BenchModule } from './bench.module.js';
import { collect } from './collect.js';

/** The application with the bench's own routes beside it, in a process of its own. */
const config = configWith(given());
const app = await createApp(config, [BenchModule]);
await app.listen({ port: 0, host: '127.0.0.1', backlog: 4096 });
serveParent(
  { url: `http://127.0.0.1:${new URL(await app.getUrl()).port}` },
  { audit: () => app.get(InvariantsService).run(), collect },
  () => app.close(),
);
