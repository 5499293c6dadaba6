import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Background } from '../common/background.js';
import { newId } from '../common/ids.js';
import { decodeCursor, encodeCursor } from '../common/schemas.js';
import { actionOf, decisionsOf, isAct, targetOf } from './act.rules.js';
import { ActsRepository } from './acts.repository.js';
import type { ActPage, ActQuery } from './acts.schemas.js';

interface Actor {
  readonly id: string;
  readonly role: string;
}

/**
 * Who used their power for what. The guard in front of every route writes it down, so that no use case can forget to; and
 * before the act, so that a crash leaves the act and a missing outcome, never an act without an entry.
 */
@Injectable()
export class Acts implements BeforeApplicationShutdown {
  private readonly background = new Background();

  constructor(private readonly acts: ActsRepository) {}

  /** Writes down what is about to be done, if it is the use of power. `roles`: what the route asks for. */
  async witness(
    request: FastifyRequest,
    reply: FastifyReply,
    { id: actor, role }: Actor,
    roles: readonly string[] | undefined,
  ): Promise<void> {
    if (!isAct(request.method, roles, role)) return;
    const act = {
      method: request.method,
      route: request.routeOptions.url ?? '',
      params: request.params as Record<string, string>,
      body: request.body,
    };
    const id = newId();
    await this.acts.insert({
      id,
      actor,
      role,
      action: actionOf(act),
      target: targetOf(act),
      said: decisionsOf(act),
    });
    reply.raw.once('finish', () =>
      this.background.run('The outcome of an act', () => this.acts.close(id, reply.statusCode)),
    );
  }

  /** What an operator does at the command line. */
  async byOperator(action: string, target: string, said: Record<string, string>): Promise<void> {
    const id = newId();
    await this.acts.insert({ id, actor: null, role: 'operator', action, target, said });
    await this.acts.close(id, 200);
  }

  /** Newest first. */
  async list({ limit, cursor, ...filters }: ActQuery): Promise<ActPage> {
    const before = cursor ? decodeCursor(cursor, z.tuple([z.uuid()]))[0] : null;
    const rows = await this.acts.page({ limit, ...filters }, limit + 1, before);
    const data = rows.slice(0, limit);
    return { data, next: rows.length > limit ? encodeCursor([data.at(-1)!.id]) : null };
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.background.drain();
  }
}
