import { Injectable } from '@nestjs/common';
import { afterCommit, type Tx } from '../database/tx.js';
import { CursorsRepository } from './cursors.repository.js';
import type { Fact, FactName, NewFact } from './fact-map.js';
import { FactBroadcast } from './facts.broadcast.js';
import { FactRelay } from './facts.relay.js';
import { FactsRepository } from './facts.repository.js';
import type { ParkedStreamEntity } from './parked-stream.entity.js';

/** Kind and id of the object that a fact is about. */
export type StreamName = readonly [stream: string, streamId: string];

/** Facts: written with the change, read as history, delivered to handlers after commit. */
@Injectable()
export class FactsService {
  private readonly listeners: ((fact: FactName) => void)[] = [];

  constructor(
    private readonly facts: FactsRepository,
    private readonly cursors: CursorsRepository,
    private readonly relay: FactRelay,
    private readonly broadcast: FactBroadcast,
  ) {}

  /**
   * Writes facts in the transaction that makes them true. The caller holds the lock of the row that the stream is
   * about; without it two writers may take the same version, and the second transaction is repeated.
   */
  async append(tx: Tx, ...facts: NewFact[]): Promise<void> {
    if (facts.length === 0) return;
    const written = await this.facts.insert(tx, facts);
    afterCommit(tx, () => {
      for (const listener of this.listeners) for (const fact of written) listener(fact);
      this.nudge();
    });
  }

  /**
   * Calls back right after the commit of each fact that this process appends, before the caller has an answer. It does
   * not replace handlers: facts of other processes, and facts written in SQL, reach handlers only.
   */
  onCommitted(listener: (fact: FactName) => void): void {
    this.listeners.push(listener);
  }

  /** All facts of one stream, oldest first. */
  async history(stream: string, streamId: string): Promise<Fact[]> {
    return this.histories([[stream, streamId]]);
  }

  /** All facts of several streams, in the order they were written. */
  async histories(streams: readonly StreamName[]): Promise<Fact[]> {
    return (await this.facts.ofStreams(streams)) as Fact[];
  }

  /** Makes handlers look now; for callers that write facts in SQL of their own. */
  nudge(): void {
    this.relay.nudge();
    this.broadcast.nudge();
  }

  /** Streams that a handler gave up on after ten attempts. */
  parked(): Promise<ParkedStreamEntity[]> {
    return this.cursors.listParked();
  }

  /**
   * Gives a parked stream to its handler again, from the fact that failed on.
   * @returns false when no such stream is parked
   * @throws what the handler throws; the stream then stays parked
   */
  async retryParked(handler: string, stream: string, streamId: string): Promise<boolean> {
    return (await this.relay.subscription(handler)?.retryParked(stream, streamId)) ?? false;
  }
}
