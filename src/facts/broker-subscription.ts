import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Database } from '../database/database.service.js';
import type { Broker } from './broker.js';
import type { CursorsRepository } from './cursors.repository.js';
import type { AnyFact } from './fact-map.js';
import type { FactPage } from './fact-pages.js';
import { FactReader } from './fact-reader.js';
import type { FactsRepository } from './facts.repository.js';

/** What may be unconfirmed at a time. */
const WAVE = 200;
const PAUSE = 250;
const LONGEST_PAUSE = 5_000;

/** All facts, from the first one on, to the broker: each at least once, those of one stream in order. */
export class BrokerSubscription extends FactReader {
  readonly name = 'rabbitmq';
  readonly patterns = ['%'];
  protected readonly from = 'beginning';
  private readonly log = new Logger(BrokerSubscription.name);

  constructor(
    readonly broker: Broker,
    database: Database,
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
    for (const wave of waves(facts)) {
      await this.publish(wave, signal);
      await this.moving({ ...at, pos: wave.at(-1)!.pos }, async () => {});
    }
  }

  /** As often as it takes: an outage of the broker parks nothing, the facts wait in their table. */
  private async publish(facts: readonly AnyFact[], signal: AbortSignal): Promise<void> {
    for (let pause = PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      signal.throwIfAborted();
      try {
        return await this.broker.publish(facts);
      } catch (error) {
        if (pause === PAUSE) this.log.warn({ err: error }, 'The broker does not take facts; they wait');
        await sleep(pause, undefined, { signal });
      }
    }
  }
}

/**
 * Pieces of at most WAVE facts with no stream in them twice: when the broker took only some of a wave and all of it is
 * sent again, no consumer sees a later fact of a stream before an earlier one.
 */
export function* waves(facts: readonly AnyFact[]): Generator<readonly AnyFact[]> {
  let wave: AnyFact[] = [];
  let streams = new Set<string>();
  for (const fact of facts) {
    const stream = `${fact.stream} ${fact.streamId}`;
    if (wave.length === WAVE || streams.has(stream)) {
      yield wave;
      wave = [];
      streams = new Set();
    }
    wave.push(fact);
    streams.add(stream);
  }
  if (wave.length > 0) yield wave;
}
