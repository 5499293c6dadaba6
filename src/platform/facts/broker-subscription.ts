import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { DatabaseService } from '../database/database.service.js';
import type { Broker } from './broker.js';
import type { CursorsRepository } from './cursors.repository.js';
import type { AnyFact } from './fact-map.js';
import type { FactPage } from './fact-pages.js';
import { FactReader } from './fact-reader.js';
import type { FactsRepository } from './facts.repository.js';

/**
 * Number of facts confirmed between two moves of the cursor; they are published again if the cursor cannot be moved.
 */
const WAVE = 200;
const PAUSE = 250;
const LONGEST_PAUSE = 5_000;

/** Publishes all facts, from the first one on, to the broker: each at least once, facts of one stream in order. */
export class BrokerSubscription extends FactReader {
  readonly name = 'rabbitmq';
  readonly patterns = ['%'];
  protected readonly from = 'beginning';
  private readonly log = new Logger(BrokerSubscription.name);

  constructor(
    private readonly broker: Broker,
    database: DatabaseService,
    facts: FactsRepository,
    cursors: CursorsRepository,
  ) {
    super(database, facts, cursors);
  }

  override async leave(): Promise<void> {
    await super.leave();
    await this.broker.close();
  }

  protected async deliver({ facts, at }: FactPage, signal: AbortSignal): Promise<void> {
    for (let start = 0; start < facts.length; start += WAVE) {
      const wave = facts.slice(start, start + WAVE);
      await this.publish(wave, signal);
      await this.moving({ ...at, pos: wave.at(-1)!.pos }, async () => {});
    }
  }

  /** Publishes a wave, as often as it takes: an outage of the broker parks no stream, the facts wait in their table. */
  private async publish(wave: readonly AnyFact[], signal: AbortSignal): Promise<void> {
    const left = new Set(wave);
    for (let pause = PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      signal.throwIfAborted();
      try {
        await this.broker.ready();
        const sent = await Promise.allSettled(streamsOf(left).map((stream) => this.inOrder(stream, left)));
        if (left.size === 0) return;
        throw sent.find((result) => result.status === 'rejected')?.reason;
      } catch (error) {
        if (pause === PAUSE)
          this.log.warn({ err: error }, 'The broker does not accept facts; they wait in their table');
        await sleep(pause, undefined, { signal });
      }
    }
  }

  /**
   * Sends each fact after the previous one is confirmed: two under way could swap places if only one must be repeated.
   */
  private async inOrder(stream: readonly AnyFact[], left: Set<AnyFact>): Promise<void> {
    for (const fact of stream) {
      await this.broker.send(fact);
      left.delete(fact);
    }
  }
}

const streamsOf = (facts: Iterable<AnyFact>): AnyFact[][] =>
  Object.values(Object.groupBy(facts, ({ stream, streamId }) => `${stream} ${streamId}`)) as AnyFact[][];
