import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, dirname } from 'node:path';

/** The command of `npm start`: "… exec node …", so that the process keeps the id of the shell. */
const START: string = JSON.parse(readFileSync('package.json', 'utf8')).scripts.start;

/** Evently as a process of its own, as `npm start` runs it, with nothing of the test run's environment. */
export class EventlyProcess {
  output = '';
  private readonly child: ChildProcess;
  private readonly ended: Promise<number | string>;
  private over = false;

  /** @param account that it runs under instead of the test's own; only root may choose */
  constructor(env: Record<string, string>, account?: { uid: number; gid: number }) {
    const { PATH = '', HOME = '', TMPDIR = '/tmp' } = process.env;
    this.child = spawn(START, {
      ...account,
      shell: true,
      env: {
        HOME,
        TMPDIR,
        EVENTLY_DEMO: 'off',
        ...env,
        PATH: [dirname(process.execPath), env.PATH ?? PATH].join(delimiter),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
    this.ended = once(this.child, 'close').then(([code, signal]) => {
      this.over = true;
      return code ?? signal;
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get hasEnded(): boolean {
    return this.over;
  }

  /** Waits until it serves. Fails with what it printed when it ends before. */
  async ready(): Promise<this> {
    await this.prints('Evently is ready');
    return this;
  }

  async prints(text: string): Promise<void> {
    while (!this.output.includes(text)) {
      const news = this.child.stdout ? once(this.child.stdout, 'data') : Promise.resolve();
      const first = await Promise.race([news, this.ended.then(() => 'ended')]);
      if (first === 'ended' && !this.output.includes(text))
        throw new Error(`It ended early:\n${this.output}`);
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Exit code, or the signal that ended it. */
  async end(signal?: NodeJS.Signals): Promise<number | string> {
    if (signal) this.child.kill(signal);
    return this.ended;
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}
