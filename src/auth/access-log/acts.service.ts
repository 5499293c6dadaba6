import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Background } from '../../platform/common/background.js';
import { newId } from '../../platform/common/ids.js';
import { type ActRequest, actionOf, decisionsOf, subjectOf, targetOf } from './act.rules.js';
import { ActsRepository } from './acts.repository.js';

interface Actor {
  readonly id: string;
  readonly role: string;
}

/**
 * The access log: acts of people with power. The guard in front of every route records each act, so that no use case
 * can forget to. It records the act before it is done, so that a crash leaves an entry without an outcome, never an act
 * without an entry.
 */
@Injectable()
export class ActsService implements BeforeApplicationShutdown {
  private readonly background = new Background();

  constructor(private readonly acts: ActsRepository) {}

  /**
   * Records an act that is about to be done.
   *
   * @param organisationId for which it makes something new
   * @returns its id, for `close`
   */
  async open(
    act: ActRequest,
    { id: actor, role }: Actor,
    organisationId: string | null = null,
  ): Promise<string> {
    const id = newId();
    await this.acts.insert({
      id,
      actor,
      role,
      action: actionOf(act),
      target: targetOf(act),
      subject: subjectOf(act),
      organisationId,
      said: decisionsOf(act),
    });
    return id;
  }

  /** Records, after the answer, how an act ended. */
  close(id: string, status: number): void {
    this.background.run('The outcome of an act', () => this.acts.close(id, status));
  }

  /** Records what an operator does at the command line. */
  async byOperator(action: string, target: string, said: Record<string, string>): Promise<void> {
    const id = newId();
    await this.acts.insert({
      id,
      actor: null,
      role: 'operator',
      action,
      target,
      subject: null,
      organisationId: null,
      said,
    });
    await this.acts.close(id, 200);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.background.drain();
  }
}
