import { createRequire, registerHooks } from 'node:module';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);
const GLOBALS = new URL('./globals.js', import.meta.url).href;
const CIRCUS_HANDLERS = Symbol.for('EVENT_HANDLERS');

/** `describe`, `test` and so on for the file under way: circus makes new ones for each file. */
export const current: { globals?: typeof import('@jest/globals') } = {};
let files = 0;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@jest/globals'
      ? { url: `${GLOBALS}?${files}`, shortCircuit: true }
      : next(specifier, context),
});

/**
 * Runs a test file as Node itself loads it: compiled, and with the modules that an earlier file of the same process has
 * loaded. Jest's own runtime evaluates all of them again for each file, in a context of its own.
 */
export default class NodeRuntime {
  constructor(private readonly config: { readonly rootDir: string }) {}

  unstable_shouldLoadAsEsm = () => true;

  async unstable_importModule(path: string): Promise<void> {
    const compiled = join(this.config.rootDir, 'dist', relative(this.config.rootDir, path));
    await import(pathToFileURL(compiled.replace(/\.ts$/, '.js')).href);
  }

  /** Circus keeps its state and handlers for the process: each file starts with new ones. */
  requireInternalModule(path: string): unknown {
    files++;
    delete require.cache[path];
    Reflect.deleteProperty(globalThis, CIRCUS_HANDLERS);
    return require(path);
  }

  setGlobalsForRuntime(globals: typeof import('@jest/globals')): void {
    current.globals = globals;
  }

  requireModule = require;
  getSourceMaps = () => null;
  getAllCoverageInfoCopy = () => null;
  enterTestCode(): void {}
  leaveTestCode(): void {}
  teardown(): void {}
}
