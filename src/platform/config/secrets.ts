import { createHash, randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { StartupError } from '../common/startup-error.js';

const secrets = z.object({
  jwtSecret: z.string().min(32),
  databasePassword: z.string().min(16),
  /** Seed of the Ed25519 key that signs tickets, base64url. */
  ticketKey: z.string().length(43),
});
export type Secrets = z.infer<typeof secrets>;

/**
 * The secrets of this installation, made at random on first use and kept in `<dataDir>/secrets.json` (mode 0600).
 * @throws StartupError with one clear line when the file exists but cannot be used
 */
export function readSecrets(dataDir: string): Secrets {
  const file = join(dataDir, 'secrets.json');
  try {
    mkdirSync(dataDir, { recursive: true });
    if (!existsSync(file)) publish(file, `${JSON.stringify(makeSecrets(), null, 2)}\n`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST' || !existsSync(file))
      throw new StartupError(
        `The data folder ${dataDir} cannot be written (${code}): make it writable, or choose another with EVENTLY_DATA_DIR.`,
      );
  }
  try {
    return secrets.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES')
      throw new StartupError(`${file} belongs to another account: start as its owner or as root.`);
    throw new StartupError(
      `${file} is damaged: restore it, or delete it to make new secrets (everyone has to log in again, and printed tickets are worthless).`,
    );
  }
}

/** Writes a file atomically: if replicas that share the folder start together, one wins and none reads half a file. */
function publish(file: string, text: string): void {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, text, { flag: 'wx', mode: 0o600 });
  try {
    linkSync(draft, file);
  } finally {
    unlinkSync(draft);
  }
}

function makeSecrets(): Secrets {
  return {
    jwtSecret: randomBytes(48).toString('base64url'),
    databasePassword: randomBytes(24).toString('base64url'),
    ticketKey: randomBytes(32).toString('base64url'),
  };
}

/** Names of the keys that tickets are verified with; no key can be told from its name. */
export const keyNames = (seeds: readonly string[]): string[] =>
  seeds.map((seed) => createHash('sha256').update(seed).digest('hex').slice(0, 16));
