import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Client, Json } from './client.js';

export interface CrowdOptions {
  readonly eventId: string;
  /** One for each buyer; they take turns. */
  readonly clients: readonly Client[];
  /** How many requests are under way at any time. */
  readonly width: number;
  /** Makes the next wish to hold. */
  readonly wish: () => object;
  /** Share of the holds won that is released again. */
  readonly releases?: number;
  /** Milliseconds that a buyer waits after a 503. */
  readonly patience?: number;
}

/** Buyers who hold seats and let go of some, whatever happens to the server, and remember all that they were told. */
export class Crowd {
  /** Bodies of every 201, in the order they came. */
  readonly held: Json[] = [];
  readonly conflicts = new Set<number>();
  readonly released = new Set<string>();
  readonly maybeReleased = new Set<string>();
  /** How often each status, `503 <code>`, or `none <error>` where no answer came. */
  readonly heard: Record<string, number> = {};
  /** Every 503. */
  readonly unavailable: Answer[] = [];
  private stopping = false;
  private next = 0;
  private readonly workers: Promise<void>[];

  constructor(private readonly options: CrowdOptions) {
    this.workers = Array.from({ length: options.width }, () => this.work());
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.workers);
  }

  /** Holds that may be in the database though nobody was told so. */
  get unknown(): number {
    return Object.entries(this.heard).reduce(
      (sum, [what, times]) => (what.startsWith('none') || what === '503 outcome_unknown' ? sum + times : sum),
      0,
    );
  }

  /** Waits for so many more holds. */
  async gets(more: number, ms = 20_000): Promise<void> {
    const wanted = this.held.length + more;
    for (const end = Date.now() + ms; this.held.length < wanted; await sleep(5))
      if (Date.now() > end)
        throw new Error(`Only ${this.held.length} of ${wanted}: ${JSON.stringify(this.heard)}`);
  }

  private async work(): Promise<void> {
    const { clients, eventId, wish, releases = 0 } = this.options;
    while (!this.stopping) {
      const client = clients[this.next++ % clients.length]!;
      const answer = await this.ask(() => client.post(`/events/${eventId}/holds`, wish()));
      if (answer?.status === 409) for (const n of answer.body.conflicts ?? []) this.conflicts.add(n);
      if (answer?.status !== 201) continue;
      this.held.push(answer.body);
      if (Math.random() < releases) await this.release(client, answer.body.id);
    }
  }

  private async release(client: Client, id: string): Promise<void> {
    this.maybeReleased.add(id);
    const answer = await this.ask(() => client.delete(`/bookings/${id}`));
    if (answer?.status === 204) this.released.add(id);
  }

  private async ask(request: () => Promise<Answer>): Promise<Answer | undefined> {
    let answer: Answer;
    try {
      answer = await request();
    } catch (error) {
      this.hear(`none ${(error as { code?: string }).code}`);
      await sleep(200);
      return undefined;
    }
    const { status, body } = answer;
    this.hear(status === 503 ? `503 ${body.code}` : `${status}`);
    if (status === 503) {
      this.unavailable.push(answer);
      await sleep(this.options.patience ?? 50);
    }
    return answer;
  }

  private hear(what: string): void {
    this.heard[what] = (this.heard[what] ?? 0) + 1;
  }
}
