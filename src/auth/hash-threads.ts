import { Worker } from 'node:worker_threads';

export interface HashJob {
  readonly id: number;
  readonly password: string | Buffer;
  /** A hash to compare with; absent to make one. */
  readonly against: string | undefined;
}

export type HashAnswer = { id: number } & ({ result: string | boolean } | { error: string });

interface Asked {
  resolve(result: string | boolean): void;
  reject(error: Error): void;
}

/** A thread that hashes passwords one after the other. It does not keep the process alive, and is begun anew when it dies. */
class HashThread {
  private worker: Worker | undefined;
  private readonly asked = new Map<number, Asked>();
  private last = 0;

  get jobs(): number {
    return this.asked.size;
  }

  run(password: string | Buffer, against?: string): Promise<string | boolean> {
    this.worker ??= this.start();
    const job: HashJob = { id: ++this.last, password, against };
    this.worker.ref();
    return new Promise((resolve, reject) => {
      this.asked.set(job.id, { resolve, reject });
      this.worker!.postMessage(job);
    });
  }

  private start(): Worker {
    const worker = new Worker(new URL('./hash-thread.js', import.meta.url), {
      name: 'hash',
      resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
    });
    worker.on('message', (answer: HashAnswer) => {
      const asked = this.asked.get(answer.id);
      this.asked.delete(answer.id);
      if (this.asked.size === 0) worker.unref();
      if ('error' in answer) asked?.reject(new Error(answer.error));
      else asked?.resolve(answer.result);
    });
    let cause = new Error('The thread that hashes passwords has ended.');
    worker.on('error', (error: Error) => {
      cause = error;
    });
    worker.on('exit', () => {
      this.worker = undefined;
      for (const { reject } of this.asked.values()) reject(cause);
      this.asked.clear();
    });
    return worker;
  }
}

/** Begun with the first password that is hashed. */
export class HashThreads {
  private readonly threads: readonly HashThread[];

  constructor(count: number) {
    this.threads = Array.from({ length: count }, () => new HashThread());
  }

  hash(password: string | Buffer): Promise<string> {
    return this.freest().run(password) as Promise<string>;
  }

  verify(hash: string, password: string): Promise<boolean> {
    return this.freest().run(password, hash) as Promise<boolean>;
  }

  private freest(): HashThread {
    return this.threads.reduce((freest, thread) => (thread.jobs < freest.jobs ? thread : freest));
  }
}
