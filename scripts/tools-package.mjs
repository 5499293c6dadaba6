import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const tools = join(dirname(fileURLToPath(import.meta.url)), '..', 'tools');

const packagesOf = (lockfile) => JSON.parse(readFileSync(join(tools, lockfile), 'utf8')).packages;

/** Whether each package has the version of the lockfile; packages for other platforms are optional. */
function isCurrent() {
  const record = join('node_modules', '.package-lock.json');
  const installed = existsSync(join(tools, record)) ? packagesOf(record) : {};
  return Object.entries(packagesOf('package-lock.json')).every(
    ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version,
  );
}

/**
 * Installs the packages of `tools/` unless they are there as its lockfile says, and ends the process when that is
 * declined or fails.
 * @param what what needs them, for the line that says so
 */
export function ensureToolsPackage(what) {
  if (isCurrent()) return;
  if (process.env.EVENTLY_TEST_INSTALL === '0') {
    console.error(`NOT DONE: ${what} needs the packages of tools/, which npm ci --prefix tools installs`);
    process.exit(1);
  }
  console.log(`Installing the packages of tools/ for ${what} (EVENTLY_TEST_INSTALL=0 declines)`);
  // In that folder and not by --prefix, which npm's own environment of the calling script overrules.
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: tools,
    stdio: 'inherit',
  });
  if (status === 0) return;
  console.error(`NOT DONE: ${what} needs the packages of tools/, and npm ci in there failed`);
  process.exit(status || 1);
}

/** Path of a program of `tools/`. */
export const toolsProgram = (name) => join(tools, 'node_modules', '.bin', name);

/** A package of `tools/`, which code of other folders cannot import by its name. */
export async function fromTools(name) {
  ensureToolsPackage(name);
  const { load } = await import('../tools/load.js');
  return load(name);
}
