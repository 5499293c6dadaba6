import { appendFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

/** A file that is not done by then is ended with its process: the time limit of a test needs an event loop that turns. */
const FILE_TIMEOUT_MS = 20 * 60_000;

let running: string | undefined;
let last = '';

const watchdog = new Worker(
  `const { parentPort } = require('node:worker_threads');
   const { writeSync } = require('node:fs');
   let timer;
   parentPort.on('message', ([file, ms]) => {
     clearTimeout(timer);
     if (file) timer = setTimeout(() => {
       writeSync(2, file + ' was not done after ' + ms + ' ms\\n');
       process.kill(process.pid, 'SIGKILL');
     }, ms);
   });
   // When Jest is gone, what a test has started must go as well.
   const jest = process.ppid;
   const look = setInterval(() => {
     if (process.ppid === jest) return;
     clearInterval(look);
     process.kill(process.pid, 'SIGINT');
   }, 500);`,
  { eval: true },
);
watchdog.unref();

/** Exit code of helpers that clean up after a signal: this process was told to end. */
const BY_SIGNAL = 130;

process.on('exit', (code) => {
  // Jest would run the file again when its process ends by itself.
  if (running) process.kill(process.pid, 'SIGKILL');
  if (code !== 0 && code !== BY_SIGNAL)
    appendFileSync(process.env.EVENTLY_TEST_CRASHES!, `exit code ${code} after ${last}\n`);
});

/** The process itself as environment of a test file, left as it was found. */
export default class ProcessEnvironment {
  readonly global = globalThis;
  readonly moduleMocker = null;
  readonly fakeTimers = null;
  readonly fakeTimersModern = null;
  private readonly file: string;
  private readonly exit = process.exit;
  private readonly directory = process.cwd();
  private readonly variables = { ...process.env };

  constructor(_config: unknown, { testPath }: { testPath: string }) {
    this.file = testPath;
  }

  async setup(): Promise<void> {
    running = this.file;
    watchdog.postMessage([this.file, FILE_TIMEOUT_MS]);
  }

  async teardown(): Promise<void> {
    running = undefined;
    last = this.file;
    watchdog.postMessage([]);
    process.exit = this.exit;
    process.chdir(this.directory);
    for (const name of Object.keys(process.env)) if (!(name in this.variables)) delete process.env[name];
    Object.assign(process.env, this.variables);
  }

  getVmContext = () => null;
  exportConditions = () => ['node', 'import'];
}
