import { Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { RollupsModule } from './analytics/rollups.module.js';
import { Rollups } from './analytics/rollups.service.js';
import { AuditModule } from './audit/audit.module.js';
import { AuditService, type Finding } from './audit/audit.service.js';
import { databaseErrorCode } from './common/database-errors.js';
import { StartupError } from './common/startup-error.js';
import type { Config } from './config/config.js';
import { ConfigModule } from './config/config.module.js';
import { DatabaseModule } from './database/database.module.js';
import { FactsModule } from './facts/facts.module.js';
import type { RebuildProgress } from './facts/rebuilds.service.js';
import { SealsModule } from './facts/seals.module.js';
import { type SealReport, Seals } from './facts/seals.service.js';
import { ObservabilityModule } from './observability/observability.module.js';

const UNDEFINED_TABLE = '42P01';

/** Looks for what may never happen in the database of the configuration. */
export const audit = (config: Config): Promise<Finding[]> =>
  ask(config, [AuditModule], AuditService, (audits) => audits.run());

/** @param head hash of a head that was kept elsewhere */
export const verifySeals = (config: Config, head?: string): Promise<SealReport> =>
  ask(config, [SealsModule], Seals, (seals) => seals.verify(head));

/** As an API it delivers no facts to handlers or the broker itself. @returns how many facts were counted */
export const rebuildRollups = (
  config: Config,
  progress: (progress: RebuildProgress) => void,
): Promise<number> =>
  ask({ ...config, role: 'api' }, [FactsModule, RollupsModule], Rollups, (rollups) =>
    rollups.rebuild(progress),
  );

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
    throw new StartupError('The database has not the tables of this release: start Evently on it once.');
  } finally {
    await app.close();
  }
}
