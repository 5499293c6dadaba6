import { Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { RollupsModule } from '../analytics/rollups.module.js';
import { RollupsService } from '../analytics/rollups.service.js';
import { InvariantsModule } from '../operations/invariants/invariants.module.js';
import { type Finding, InvariantsService } from '../operations/invariants/invariants.service.js';
import { ReplayModule } from '../orders/history/replay.module.js';
import { type EventReplay, ReplayService } from '../orders/history/replay.service.js';
import { databaseErrorCode } from '../platform/common/database-errors.js';
import { StartupError } from '../platform/common/startup-error.js';
import type { Config } from '../platform/config/config.js';
import { ConfigModule } from '../platform/config/config.module.js';
import { DatabaseModule } from '../platform/database/database.module.js';
import { FactsModule } from '../platform/facts/facts.module.js';
import type { RebuildProgress } from '../platform/facts/rebuilds.service.js';
import { SealsModule } from '../platform/facts/seals.module.js';
import { type SealReport, SealsService } from '../platform/facts/seals.service.js';
import { ObservabilityModule } from '../platform/observability/observability.module.js';

const UNDEFINED_TABLE = '42P01';

/** Checks the invariants in the configured database. */
export const audit = (config: Config): Promise<Finding[]> =>
  ask(config, [InvariantsModule], InvariantsService, (audits) => audits.run());

/** @param head hash of a head that was kept elsewhere */
export const verifySeals = (config: Config, head?: string): Promise<SealReport> =>
  ask(config, [SealsModule], SealsService, (seals) => seals.verify(head));

/**
 * Runs with role `api`, so that it delivers no facts to handlers or the broker. @returns how many facts were counted
 */
export const rebuildRollups = (
  config: Config,
  progress: (progress: RebuildProgress) => void,
): Promise<number> =>
  ask({ ...config, role: 'api' }, [FactsModule, RollupsModule], RollupsService, (rollups) =>
    rollups.rebuild(progress),
  );

/** @param eventId null: all events */
export const replayEvents = (
  config: Config,
  eventId: string | null,
  found: (event: EventReplay) => void,
): Promise<void> => ask(config, [ReplayModule], ReplayService, (replay) => replay.run(eventId, found));

async function ask<Service, T>(
  config: Config,
  modules: Type[],
  service: Type<Service>,
  question: (service: Service) => Promise<T>,
): Promise<T> {
  @Module({ imports: [ConfigModule.with(config), DatabaseModule, ObservabilityModule, ...modules] })
  class Only {}
  const app = await NestFactory.createApplicationContext(Only, { logger: ['error'], abortOnError: false });
  try {
    return await question(app.get(service));
  } catch (error) {
    if (databaseErrorCode(error) !== UNDEFINED_TABLE) throw error;
    throw new StartupError('The database lacks the tables of this release: start Evently on it once.');
  } finally {
    await app.close();
  }
}
