import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ActsService } from '../auth/access-log/acts.service.js';
import { AccountsModule } from '../auth/accounts/accounts.module.js';
import { register } from '../auth/accounts/accounts.schemas.js';
import { RolesService } from '../auth/accounts/roles.service.js';
import { LimitsModule } from '../auth/limits/limits.module.js';
import { AuthModule } from '../auth/tokens/auth.module.js';
import { CacheModule } from '../platform/cache/cache.module.js';
import { type Config, loadConfig } from '../platform/config/config.js';
import { ConfigModule } from '../platform/config/config.module.js';
import { DatabaseModule } from '../platform/database/database.module.js';
import { migrate } from '../platform/database/migrate.js';
import { FactsModule } from '../platform/facts/facts.module.js';
import { MailModule } from '../platform/mail/mail.module.js';
import { ObservabilityModule } from '../platform/observability/observability.module.js';
import { RedisModule } from '../platform/redis/redis.module.js';
import { ResilienceModule } from '../platform/resilience/resilience.module.js';
import { runCommand, UsageError, withDatabase } from './command.js';

const USAGE = `Makes an administrator's account.

  npm run admin -- create --email ada@example.org --name "Ada Byron" [--password ...]

Without --password it is asked for in a terminal; left empty, or elsewhere, one is made up and printed.
The database is that of DATABASE_URL, else the embedded one of EVENTLY_DATA_DIR (default .evently), running or not.`;

function readArguments(): { email: string; name: string; password?: string } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { email: { type: 'string' }, name: { type: 'string' }, password: { type: 'string' } },
  });
  const { email, name, password } = values;
  if (positionals.join() !== 'create') throw new UsageError(USAGE);
  if (!email || !name) throw new UsageError(`--email and --name are needed.\n\n${USAGE}`);
  return { email, name, password };
}

/** Asks without showing what is typed. */
async function askPassword(): Promise<string> {
  if (!process.stdin.isTTY) return '';
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  // Created before the question is shown: from then on the terminal itself repeats nothing.
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  process.stdout.write('Password (empty: make one up): ');
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    process.stdout.write('\n');
  }
}

async function create(): Promise<void> {
  const given = readArguments();
  const config = loadConfig(process.env);
  const typed = given.password ?? (await askPassword());
  const password = typed || randomBytes(15).toString('base64url');
  const account = register.safeParse({ email: given.email, name: given.name, password });
  if (!account.success)
    throw new UsageError(
      account.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'),
    );
  await withDatabase(
    config,
    async (found) => {
      await migrate(found.database.url);
      await insert(found, account.data);
    },
    { create: true },
  );
  console.log(`${account.data.email} is an administrator.`);
  if (!typed) console.log(`Password: ${password}`);
}

async function insert(config: Config, account: Parameters<RolesService['create']>[0]): Promise<void> {
  @Module({
    imports: [
      ConfigModule.with(config),
      DatabaseModule,
      FactsModule,
      ObservabilityModule,
      ResilienceModule,
      RedisModule,
      CacheModule,
      LimitsModule,
      MailModule.with(config),
      AuthModule,
      AccountsModule,
    ],
  })
  class AccountsOnly {}
  const app = await NestFactory.createApplicationContext(AccountsOnly, {
    logger: ['error'],
    abortOnError: false,
  });
  try {
    const id = await app.get(RolesService).create(account, 'admin');
    await app.get(ActsService).byOperator('npm run admin -- create', id, { role: 'admin' });
  } finally {
    await app.close();
  }
}

await runCommand(USAGE, create);
