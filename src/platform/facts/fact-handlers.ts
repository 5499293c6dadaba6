import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { SpanKind } from '@opentelemetry/api';
import { type DecoratedMethod, decoratedMethods } from '../common/decorated-methods.js';
import type { Tx } from '../database/tx.js';
import { follow } from '../observability/tracing.js';
import type { AnyFact } from './fact-map.js';
import { ON_FACT, ON_FACT_EVERYWHERE, type OnFactMetadata } from './facts.decorators.js';

export interface FactHandler {
  name: string;
  /** SQL LIKE patterns of the kinds it wants. */
  patterns: string[];
  from: 'beginning' | 'now';
  /** How many facts share a transaction. */
  batch: number;
  /** Facts of one transaction, in order. */
  handle(tx: Tx, facts: readonly AnyFact[]): Promise<void>;
}

export interface FactListener {
  name: string;
  wants(type: string): boolean;
  handle(fact: AnyFact): void;
}

/** Finds the decorated methods of all providers. */
@Injectable()
export class FactHandlers {
  constructor(private readonly discovery: DiscoveryService) {}

  /** @throws Error when two handlers share a name: they would share a cursor and each miss half of the facts */
  once(): FactHandler[] {
    const handlers = decoratedMethods<OnFactMetadata>(this.discovery, ON_FACT).map((method) => ({
      name: method.metadata.name,
      patterns: method.metadata.patterns.map(likePattern),
      from: method.metadata.from ?? ('beginning' as const),
      ...(method.metadata.together ? together(method) : oneByOne(method)),
    }));
    const names = handlers.map((handler) => handler.name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice) throw new Error(`Two @OnFact handlers are named ${twice}`);
    return handlers;
  }

  everywhere(): FactListener[] {
    return decoratedMethods<string[]>(this.discovery, ON_FACT_EVERYWHERE).map(({ metadata, call, name }) => ({
      name,
      wants: (type) => metadata.some((pattern) => patternMatches(pattern, type)),
      handle: call,
    }));
  }
}

type Handling = Pick<FactHandler, 'batch' | 'handle'>;

const oneByOne = ({ metadata: { name }, call }: DecoratedMethod<OnFactMetadata>): Handling => ({
  batch: 100,
  handle: async (tx, facts) => {
    for (const fact of facts)
      await follow(
        fact.correlationId ?? `fact-${fact.pos}`,
        `${fact.type} to ${name}`,
        { kind: SpanKind.CONSUMER },
        () => call(tx, fact),
      );
  },
});

const together = ({ metadata: { name }, call }: DecoratedMethod<OnFactMetadata>): Handling => ({
  batch: 1_000,
  handle: (tx, facts) =>
    follow(`facts-${facts[0]!.pos}`, `facts to ${name}`, { kind: SpanKind.CONSUMER }, () => call(tx, facts)),
});

const likePattern = (pattern: string) => pattern.replace(/[_%\\]/g, '\\$&').replace('*', '%');

const patternMatches = (pattern: string, type: string) =>
  pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : pattern === type;
