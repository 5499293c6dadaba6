import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Agent } from 'undici';
import { type Answer, Client, type Json } from '../test/support/client.js';

/** Nobody can say whether it was done, after long asking. */
export class Undecided extends Error {}

const PATIENCE_MS = 90_000;
const BUSY = new Set(['idempotency_in_flight', 'payment_under_way']);

/** Answers of all replicas to all buyers in a stretch of time. */
export class Heard {
  /** How often each status with its code, or `none` with the error where no answer came. */
  readonly answers: Record<string, number> = {};
  /** Answers that no client may get: another person's identity, an undocumented 5xx, or a 503 without `Retry-After`. */
  readonly wrong: string[] = [];
  /** When what was asked for took effect, and how long the answer took, in ms; in the order of the answers. */
  readonly done: { at: number; ms: number }[] = [];

  note(what: string): void {
    this.answers[what] = (this.answers[what] ?? 0) + 1;
  }

  /** The longest time in which nothing that anybody asked for took effect, ms. */
  get silence(): number {
    const times = this.done.map(({ at }) => at);
    return Math.max(0, ...times.slice(1).map((at, i) => at - times[i]!));
  }
}

/**
 * A person who wants to know: without a clear answer the same is asked again, with the same key, of the other replica.
 */
export class Asker {
  private turn = Math.random() < 0.5 ? 0 : 1;

  constructor(
    private readonly origins: readonly string[],
    private readonly agent: Agent,
    private readonly token: string,
    private readonly heard: Heard,
  ) {}

  get = (path: string) => this.ask('GET', path);
  post = (path: string, body?: Json) => this.ask('POST', path, body, { 'idempotency-key': randomUUID() });
  delete = (path: string) => this.ask('DELETE', path);

  /** @throws Undecided */
  private async ask(
    method: string,
    path: string,
    body?: Json,
    headers: Record<string, string> = {},
  ): Promise<Answer & { readonly tries: number }> {
    const end = Date.now() + PATIENCE_MS;
    for (let tries = 1; ; tries++) {
      const began = performance.now();
      const answer = await this.once(method, path, body, headers);
      const ms = performance.now() - began;
      if (answer && this.isClear(answer, `${method} ${path}`)) {
        if (answer.status < 300 && method !== 'GET') this.heard.done.push({ at: Date.now(), ms });
        return { ...answer, tries };
      }
      if (Date.now() > end) throw new Undecided(`${method} ${path}: ${answer?.status} ${answer?.body?.code}`);
      await sleep(100 + 200 * Math.random());
    }
  }

  private async once(
    method: string,
    path: string,
    body: Json,
    headers: Record<string, string>,
  ): Promise<Answer | undefined> {
    const origin = this.origins[this.turn++ % this.origins.length]!;
    try {
      const answer = await new Client(origin, this.agent, this.token).send(method, path, body, headers);
      this.heard.note([answer.status, answer.status >= 400 && answer.body?.code].filter(Boolean).join(' '));
      return answer;
    } catch (error) {
      this.heard.note(`none ${(error as { code?: string }).code ?? (error as Error).message}`);
      return undefined;
    }
  }

  private isClear({ status, body, headers }: Answer, asked: string): boolean {
    const refused = status === 503 && Number(headers['retry-after']) > 0;
    if (status === 401 || (status >= 500 && !refused))
      this.heard.wrong.push(`${asked}: ${status} ${JSON.stringify(body)}`);
    return status < 500 && !BUSY.has(body?.code);
  }
}
