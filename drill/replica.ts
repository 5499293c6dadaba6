import 'reflect-metadata';
import { Global, Module } from '@nestjs/common';
import { createApp } from '../src/app.js';
import { SAGA_PROBE } from '../src/platform/saga/saga-probe.js';
import { given, serveParent } from '../test/support/child.js';
import { configWith } from '../test/support/config.js';
import { FaultProbe, type Strike } from './faults.js';

const probe = new FaultProbe();

@Global()
@Module({ providers: [{ provide: SAGA_PROBE, useValue: probe }], exports: [SAGA_PROBE] })
class ProbeModule {}

/** The application in a process of its own, in which faults strike. */
const config = configWith(given());
const app = await createApp(config, [ProbeModule]);
probe.watch(app);
await app.listen({ port: 0, host: '127.0.0.1' });
serveParent<Strike>(
  { url: `http://127.0.0.1:${new URL(await app.getUrl()).port}` },
  { arm: (strike) => probe.arm(strike), struck: () => probe.struck },
  () => app.close(),
);
