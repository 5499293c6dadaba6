// Server and web app while they are being worked on: `nest start --watch` compiles and starts again what changes in src,
// Vite reloads the pages and passes calls on to the server. When one of the two ends, so does the other.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ensureToolsPackage, toolsProgram } from './tools-package.mjs';

ensureToolsPackage('npm run dev');
const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin', 'vite.js');
const running = [
  [toolsProgram('nest'), 'start', '--watch'],
  [vite, 'web', '--clearScreen', 'false'],
].map((args) => spawn(process.execPath, args, { stdio: 'inherit', detached: true }));

/** Each with its process group: Nest's program leaves the server behind when it ends. */
function endAll() {
  for (const { pid } of running)
    try {
      process.kill(-pid, 'SIGTERM');
    } catch {
      // It has ended.
    }
}

for (const child of running) child.on('exit', endAll);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, endAll);
