// Runs a program of `tools/` with the arguments given, as in: node scripts/tool.mjs biome check .
import { spawnSync } from 'node:child_process';
import { ensureToolsPackage, toolsProgram } from './tools-package.mjs';

const [name, ...args] = process.argv.slice(2);
ensureToolsPackage(name);
const { status } = spawnSync(process.execPath, [toolsProgram(name), ...args], { stdio: 'inherit' });
process.exit(status ?? 1);
