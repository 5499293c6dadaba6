import 'reflect-metadata';
import { createApp } from '../src/app.js';
import { AuditService } from '../src/audit/audit.service.js';
import { type Config, loadConfig } from '../src/config/config.js';
import { given, serveParent } from '../test/support/child.js';
import { BenchModule } from './bench.module.js';
import { collect } from './collect.js';

/** The application with the bench's own routes beside it, in a process of its own. */
const config: Config = {
  ...loadConfig({ ...process.env, PORT: '0' }),
  demo: false,
  rateLimits: false,
  ...given<Partial<Config>>(),
};
const app = await createApp(config, [BenchModule]);
await app.listen({ port: 0, host: '127.0.0.1', backlog: 4096 });
serveParent(
  { url: `http://127.0.0.1:${new URL(await app.getUrl()).port}` },
  { audit: () => app.get(AuditService).run(), collect },
  () => app.close(),
);
