import { Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { Tx } from '../database/tx.js';
import type { AnyFact } from './fact-map.js';
import { ON_FACT, ON_FACT_EVERYWHERE, type OnFactMetadata } from './facts.decorators.js';

export interface FactHandler {
  name: string;
  /** SQL LIKE patterns of the kinds it wants. */
  patterns: string[];
  from: 'beginning' | 'now';
  handle(tx: Tx, fact: AnyFact): Promise<void>;
}

export interface FactListener {
  name: string;
  wants(type: string): boolean;
  handle(fact: AnyFact): void;
}

/** Finds the decorated methods of all providers. */
@Injectable()
export class FactHandlers {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  /** @throws Error when two handlers share a name: they would share a cursor and each miss half of the facts */
  once(): FactHandler[] {
    const handlers = this.decorated<OnFactMetadata>(ON_FACT).map(({ metadata, call }) => ({
      name: metadata.name,
      patterns: metadata.patterns.map(likePattern),
      from: metadata.from ?? 'beginning',
      handle: call as FactHandler['handle'],
    }));
    const names = handlers.map((handler) => handler.name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice) throw new Error(`Two @OnFact handlers are named ${twice}`);
    return handlers;
  }

  everywhere(): FactListener[] {
    return this.decorated<string[]>(ON_FACT_EVERYWHERE).map(({ metadata, call, name }) => ({
      name,
      wants: (type) => metadata.some((pattern) => patternMatches(pattern, type)),
      handle: call as FactListener['handle'],
    }));
  }

  private decorated<M>(key: string) {
    return this.discovery.getProviders().flatMap(({ instance }) => {
      if (typeof instance !== 'object' || instance === null) return [];
      const prototype = Object.getPrototypeOf(instance);
      if (!prototype || prototype === Object.prototype) return [];
      return this.scanner.getAllMethodNames(prototype).flatMap((method) => {
        const metadata: M | undefined = Reflect.getMetadata(key, prototype[method]);
        const name = `${prototype.constructor.name}.${method}`;
        return metadata ? [{ metadata, name, call: instance[method].bind(instance) }] : [];
      });
    });
  }
}

const likePattern = (pattern: string) => pattern.replace(/[_%\\]/g, '\\$&').replace('*', '%');

const patternMatches = (pattern: string, type: string) =>
  pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : pattern === type;
