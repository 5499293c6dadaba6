import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { decoratedMethods } from '../common/decorated-methods.js';
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
  constructor(private readonly discovery: DiscoveryService) {}

  /** @throws Error when two handlers share a name: they would share a cursor and each miss half of the facts */
  once(): FactHandler[] {
    const handlers = decoratedMethods<OnFactMetadata>(this.discovery, ON_FACT).map(({ metadata, call }) => ({
      name: metadata.name,
      patterns: metadata.patterns.map(likePattern),
      from: metadata.from ?? 'beginning',
      handle: call,
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

const likePattern = (pattern: string) => pattern.replace(/[_%\\]/g, '\\$&').replace('*', '%');

const patternMatches = (pattern: string, type: string) =>
  pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : pattern === type;
