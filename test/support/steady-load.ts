import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './client.js';

/** A request every few milliseconds, whether or not the ones before are answered, and none of them twice. */
export class SteadyLoad {
  readonly answers: Answer[] = [];
  /** How often each status came. */
  readonly heard: Record<number, number> = {};
  /** Requests that were neither answered nor refused for a reason of the sale. */
  readonly failed: string[] = [];
  private stopping = false;
  private readonly sending: Promise<void>;

  constructor(
    private readonly every: number,
    private readonly request: (index: number) => Promise<Answer>,
  ) {
    this.sending = this.send();
  }

  /** Waits for the answers that are due. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.sending;
  }

  private async send(): Promise<void> {
    const under: Promise<void>[] = [];
    for (let i = 0; !this.stopping; i++) {
      under.push(this.one(i));
      await sleep(this.every);
    }
    await Promise.all(under);
  }

  private async one(index: number): Promise<void> {
    try {
      const answer = await this.request(index);
      this.answers.push(answer);
      this.heard[answer.status] = (this.heard[answer.status] ?? 0) + 1;
      if (answer.status >= 400 && answer.status !== 409)
        this.failed.push(`${answer.status} ${JSON.stringify(answer.body)}`);
    } catch (error) {
      this.failed.push(String(error));
    }
  }
}
