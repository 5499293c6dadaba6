import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder below the temporary one. Anybody may enter it: started by root, PostgreSQL runs as another account. */
export function makeDataFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `evently-${name}-`));
  chmodSync(folder, 0o755);
  return folder;
}
