import type { Type } from '@nestjs/common';
import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import { routeConfig } from './route-config.js';
import { present, type SerializedAnswer } from './serialized-answer.js';

/** The parts of a request that a shortcut may look at. */
export interface Asked {
  readonly url: string;
  readonly params: unknown;
  readonly query: unknown;
  readonly headers: { readonly accept?: string; readonly 'accept-encoding'?: string };
}

/** Has the answers of a hot route at hand, serialized. */
export interface Shortcut {
  /** Undefined sends the request the long way, through guard, pipes and controller. */
  answerAtOnce(asked: Asked): SerializedAnswer | undefined;
}

export interface ShortcutConfig {
  shortcut?: Type<Shortcut>;
}

/**
 * Lets a provider answer requests of this public GET route right after the hooks of the server. Nest's pipeline takes
 * longer than sending 20 kB does: 0.25 to 0.3 of a bare server against 0.7 this way.
 */
export const AnsweredAtOnceBy = (shortcut: Type<Shortcut>) => routeConfig({ shortcut });

/** Requests with credentials go the long way, where bad ones are refused. */
export function shortcutHook(find: () => Shortcut): onRequestHookHandler {
  let shortcut: Shortcut | undefined;
  return (request: FastifyRequest, reply: FastifyReply, done) => {
    shortcut ??= find();
    const answer = request.headers.authorization === undefined && shortcut.answerAtOnce(request);
    if (answer) reply.send(present(answer, request, reply));
    else done();
  };
}
