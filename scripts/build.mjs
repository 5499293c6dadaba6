// Compiles src, test, bench and drill into dist with swc. With --if-needed it does so only when a source is newer than the
// last build, so that `npm start` is quick the second time.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const inputs = ['src', 'test', 'bench', 'drill', 'ormconfig.ts', '.swcrc', 'package-lock.json'];
const stamp = join(root, 'dist', '.built');

function newest(path) {
  const info = statSync(path);
  if (!info.isDirectory()) return info.mtimeMs;
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), info.mtimeMs);
}

const present = inputs.map((name) => join(root, name)).filter((path) => existsSync(path));
const current = existsSync(stamp) && statSync(stamp).mtimeMs >= Math.max(...present.map(newest));
if (process.argv.includes('--if-needed') && current) process.exit(0);

console.log('Building Evently ...');
rmSync(join(root, 'dist'), { recursive: true, force: true });
const sources = ['src', 'test', 'bench', 'drill', 'ormconfig.ts'].filter((name) =>
  existsSync(join(root, name)),
);
const swc = createRequire(import.meta.url).resolve('@swc/cli/bin/swc.js');
const done = spawnSync(process.execPath, [swc, ...sources, '-d', 'dist', '--quiet'], {
  cwd: root,
  stdio: 'inherit',
});
if (done.status !== 0) process.exit(done.status ?? 1);
writeFileSync(stamp, '');
