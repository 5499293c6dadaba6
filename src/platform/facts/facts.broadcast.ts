import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SpanKind } from '@opentelemetry/api';
import { follow } from '../observability/tracing.js';
import { type Cursor, NOTHING } from './cursors.repository.js';
import { FactHandlers, type FactListener } from './fact-handlers.js';
import type { AnyFact } from './fact-map.js';
import { factPages } from './fact-pages.js';
import { FactsPoller } from './facts.poller.js';
import { FactsRepository } from './facts.repository.js';

const RETRY = 1_000;

/** Delivers facts to the `@OnFactEverywhere` listeners of this replica. */
@Injectable()
export class FactBroadcast implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(FactBroadcast.name);
  private readonly poller = new FactsPoller();
  private listeners: FactListener[] = [];
  private cursor: Cursor = { seen: NOTHING, until: NOTHING, pos: '0' };
  private stopping = false;
  private running: Promise<void> | undefined;

  constructor(
    private readonly handlers: FactHandlers,
    private readonly facts: FactsRepository,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.listeners = this.handlers.everywhere();
    if (this.listeners.length === 0) return;
    const { now } = await this.facts.look(NOTHING);
    this.cursor = { seen: now, until: now, pos: '0' };
    this.running = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    this.poller.stop();
    await this.running;
  }

  nudge(): void {
    this.poller.ring();
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      try {
        await this.poller.run(
          this.cursor.seen,
          (seen) => this.facts.look(seen),
          (now) => this.deliver(now),
        );
      } catch (error) {
        this.log.warn({ err: error }, 'Facts cannot be read right now');
        await new Promise((resolve) => setTimeout(resolve, RETRY));
      }
    }
  }

  private async deliver(until: string): Promise<void> {
    for await (const { facts, at } of factPages(this.facts, this.cursor, until, ['%'])) {
      for (const fact of facts)
        for (const listener of this.listeners) if (listener.wants(fact.type)) this.tell(listener, fact);
      this.cursor = at;
    }
  }

  private tell(listener: FactListener, fact: AnyFact): void {
    try {
      follow(
        fact.correlationId ?? `fact-${fact.pos}`,
        `${fact.type} to ${listener.name}`,
        { kind: SpanKind.CONSUMER },
        () => listener.handle(fact),
      );
    } catch (error) {
      this.log.error({ err: error, listener: listener.name, type: fact.type }, 'A listener failed on a fact');
    }
  }
}
