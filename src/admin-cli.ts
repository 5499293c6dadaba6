import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AccountsModule } from './accounts/accounts.module.js';
import { register } from './accounts/accounts.schemas.js';
import { RolesService } from './accounts/roles.service.js';
import { AuthModule } from './auth/auth.module.js';
import { translateDatabaseError } from './common/database-errors.js';
import { DomainError } from './common/domain-error.js';
import { StartupError } from './common/startup-error.js';
import { type Config, ConfigError, loadConfig } from './config/config.js';
import { ConfigModule } from './config/config.module.js';
import { checkDatabase } from './database/check.js';
import { DatabaseModule } from './database/database.module.js';
import { startEmbedded } from './database/embedded-server.js';
import { migrate } from './database/migrate.js';
import { MailModule } from './mail/mail.module.js';

const USAGE = `Makes an administrator's account.

  npm run admin -- create --email ada@example.org --name "Ada Byron" [--password ...]

Without --password it is asked for in a terminal; left empty, or elsewhere, one is made up and printed.
The database is that of DATABASE_URL, else the embedded one of EVENTLY_DATA_DIR (default .evently), running or not.`;

class UsageError extends Error {}

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
  const server = config.databaseUrl ? undefined : await startEmbedded(config.dataDir, { share: true });
  try {
    const databaseUrl = config.databaseUrl ?? server?.url ?? '';
    await checkDatabase(databaseUrl);
    await migrate(databaseUrl);
    await insert({ ...config, databaseUrl }, account.data);
  } finally {
    await server?.stop();
  }
  console.log(`${account.data.email} is an administrator.`);
  if (!typed) console.log(`Password: ${password}`);
}

async function insert(config: Config, account: Parameters<RolesService['create']>[0]): Promise<void> {
  @Module({
    imports: [ConfigModule.with(config), DatabaseModule, AuthModule, MailModule.with(config), AccountsModule],
  })
  class AccountsOnly {}
  const app = await NestFactory.createApplicationContext(AccountsOnly, {
    logger: ['error'],
    abortOnError: false,
  });
  try {
    await app.get(RolesService).create(account, 'admin');
  } finally {
    await app.close();
  }
}

/** What went wrong, for a person at a terminal; anything unforeseen keeps its stack. */
function explain(error: unknown): string {
  if (error instanceof UsageError || error instanceof ConfigError || error instanceof StartupError)
    return error.message;
  const { code, message, stack } = error as NodeJS.ErrnoException;
  if (code?.startsWith('ERR_PARSE_ARGS')) return `${message}\n\n${USAGE}`;
  const broken = error instanceof DomainError ? error : translateDatabaseError(error);
  if (!broken) return stack ?? String(error);
  const reasons = broken.details.errors?.map(({ path, message }) => `${path} ${message}`) ?? [];
  return [broken.message, ...reasons].join('\n');
}

try {
  await create();
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}
