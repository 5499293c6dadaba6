// Compiles src, test, bench, drill, tour and the client into dist with swc, joins src with its packages in dist/bundle, and
// builds the web app into dist/web with Vite. With --if-needed each of the two builds is made only when a source is newer
// than its last one, so that `npm start` is quick the second time.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const require = createRequire(import.meta.url);
const ifNeeded = process.argv.includes('--if-needed');

const CODE = ['src', 'test', 'bench', 'drill', 'tour', 'clients/typescript/src', 'ormconfig.ts'];
// The app draws plans and prints times by the server's own rules.
const WEB = [
  'web',
  'clients/typescript',
  'src/platform/common',
  'src/platform/access/permissions.ts',
  'src/venues',
  'src/inventory/seat-map/seat-map.rules.ts',
  'src/inventory/holds/best-available.rules.ts',
];
/** Smaller files are sent as they are. */
const WORTH_PACKING = 1024;

const present = (names) => names.map((name) => join(root, name)).filter((path) => existsSync(path));

function newest(path) {
  const info = statSync(path);
  if (!info.isDirectory()) return info.mtimeMs;
  return readdirSync(path)
    .filter((name) => name !== 'node_modules')
    .reduce((latest, name) => Math.max(latest, newest(join(path, name))), info.mtimeMs);
}

async function build(what, stamp, inputs, work) {
  const current =
    existsSync(stamp) &&
    statSync(stamp).mtimeMs >= Math.max(...present([...inputs, 'package-lock.json']).map(newest));
  if (ifNeeded && current) return;
  console.log(`Building ${what} ...`);
  await work();
  writeFileSync(stamp, '');
}

const isSource = (path) => path.endsWith('.ts') && !path.endsWith('.d.ts');

async function compile(transformFile, source) {
  const target = join(dist, source.replace(/ts$/, 'js'));
  const { code, map } = await transformFile(join(root, source), {
    cwd: root,
    sourceFileName: relative(dirname(target), join(root, source)),
  });
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, `${code}//# sourceMappingURL=${basename(target)}.map\n`);
  writeFileSync(`${target}.map`, map);
}

function run(script, ...args) {
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

await build('Evently', join(dist, '.built'), [...CODE, '.swcrc'], async () => {
  if (existsSync(dist))
    for (const name of readdirSync(dist))
      if (name !== 'web' && name !== '.built-web') rmSync(join(dist, name), { recursive: true, force: true });
  const { transformFile } = await import('@swc/core');
  const sources = globSync(
    CODE.flatMap((name) => [name, `${name}/**/*.ts`]),
    { cwd: root },
  );
  await Promise.all(sources.filter(isSource).map((source) => compile(transformFile, source)));
  // The functions that migrations create.
  for (const name of readdirSync(join(root, 'src'), { recursive: true }))
    if (name.endsWith('.sql')) cpSync(join(root, 'src', name), join(dist, 'src', name));
  const { bundle } = await import('./bundle.mjs');
  await bundle(dist);
});
if (existsSync(join(root, 'web', 'index.html')))
  await build('the web app', join(dist, '.built-web'), WEB, () => {
    const vite = join(dirname(require.resolve('vite/package.json')), 'bin', 'vite.js');
    run(vite, 'build', 'web', '--logLevel', 'warn');
    pack(join(dist, 'web'));
  });

/** Puts compressed copies beside the files, which the server sends to whoever takes them. */
function pack(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !/\.(html|js|css|svg|txt)$/.test(entry.name)) continue;
    const content = readFileSync(path);
    if (content.length < WORTH_PACKING) continue;
    writeFileSync(
      `${path}.br`,
      brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
    );
    writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
  }
}
