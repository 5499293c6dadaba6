import { type ChildProcess, fork } from 'node:child_process';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deserialize, serialize } from 'node:v8';

export interface Child<Ready> {
  readonly pid: number;
  /** Message of the child when it was ready. */
  readonly ready: Ready;
  /** Runs one of the child's commands. */
  ask<T>(command: string, value?: unknown): Promise<T>;
  stop(): Promise<void>;
}

interface Reply {
  id: number;
  result?: unknown;
  error?: string;
}

/** Starts another file in a process of its own, with the flags of this one: `new URL('./file.js', import.meta.url)`. */
export async function startChild<Ready>(url: URL, value: unknown): Promise<Child<Ready>> {
  const path = fileURLToPath(url);
  const file = basename(path);
  const child = fork(path, [serialize(value).toString('base64')], { serialization: 'advanced' });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const ready = await new Promise<Ready>((resolve, reject) => {
    child.once('message', (message) => resolve(message as Ready));
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code} before it was ready.`)));
  });
  child.on('message', ({ id, result, error }: Reply) => {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error) asked?.reject(new Error(`${file}: ${error}`));
    else asked?.resolve(result);
  });
  child.on('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`${file} ended with ${code}.`));
    waiting.clear();
  });
  let last = 0;
  return {
    pid: child.pid!,
    ready,
    ask: <T>(command: string, given?: unknown) =>
      new Promise<T>((resolve, reject) => {
        const id = ++last;
        waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
        // One that is just dying tells it here; without a callback it would end this process.
        child.send({ id, command, value: given }, (error) => error && reject(error));
      }),
    stop: () => ended(child),
  };
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.disconnect();
  });
}

/** In the child: what the parent passed to it. */
export const given = <T>(): T => deserialize(Buffer.from(process.argv[2]!, 'base64')) as T;

/** In the child: says that it is ready and answers commands until the parent lets go. */
export function serveParent<T>(
  ready: unknown,
  commands: Record<string, (value: T) => unknown>,
  stop: () => Promise<unknown> = async () => {},
): void {
  process.on('message', ({ id, command, value }: { id: number; command: string; value: T }) => {
    Promise.resolve()
      .then(() => commands[command]!(value))
      .then(
        (result) => process.send!({ id, result }),
        (error) => process.send!({ id, error: String(error?.stack ?? error) }),
      );
  });
  process.on('disconnect', () => {
    void stop().finally(() => process.exit(0));
  });
  process.send!(ready);
}
