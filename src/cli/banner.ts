import { resolve } from 'node:path';
import { DEMO_ACCOUNTS, demoPassword } from '../operations/demo/accounts.js';
import type { Config } from '../platform/config/config.js';
import { urlsOf } from '../platform/config/database-urls.js';
import type { EmbeddedServer } from '../platform/database/embedded-server.js';

/** Lines with all addresses, for the person at the terminal. */
export function banner(config: Config, server: EmbeddedServer | undefined): string[] {
  const { publicUrl } = config.http;
  const data = resolve(config.dataDir);
  const elsewhere = server && !server.directory.startsWith(data);
  return [
    '',
    `  Shop       ${publicUrl}/`,
    `  API        ${publicUrl}/api/v1`,
    `  Reference  ${publicUrl}/docs, ${publicUrl}/redoc, sockets: ${publicUrl}/asyncapi`,
    `  Health     ${publicUrl}/api/v1/health/status`,
    ...(config.mail.smtpUrl || config.mail.devReaders === 'off'
      ? []
      : [`  Mail       ${publicUrl}/dev/mail`]),
    `  Data       ${server ? data : describe(config.database.url)}`,
    // Root's own folders cannot be entered by the account that PostgreSQL runs as.
    ...(elsewhere ? [`             with the database in ${server.directory}`] : []),
    ...(config.demo ? logins(config) : ['  Accounts   npm run admin -- create makes an administrator']),
  ];
}

const logins = ({ auth }: Config): string[] => [
  `  Log in     as ${DEMO_ACCOUNTS.map(({ email }) => email).join(', ')}`,
  `             with the password ${demoPassword(auth.jwtSecret)} (of this data folder only)`,
];

function describe(databaseUrl: string): string {
  const urls = urlsOf(databaseUrl).map((url) => new URL(url));
  return `PostgreSQL at ${urls.map(({ host }) => host).join(',')}${urls[0]?.pathname}`;
}
