import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Background } from '../../platform/common/background.js';
import { DomainError } from '../../platform/common/domain-error.js';
import { Every } from '../../platform/jobs/jobs.decorators.js';
import { PaymentProvidersService } from '../providers/payment-providers.service.js';
import type { ProviderEventEntity } from './provider-event.entity.js';
import { ProviderEventsRepository } from './provider-events.repository.js';
import { ReconciliationService } from './reconciliation.service.js';

const OVERDUE_SECONDS = 10;
const BATCH_EVENTS = 100;

/**
 * Messages that a provider sends on its own. They only say which charge to look at, so it does not matter how often or
 * in which order they come: each makes Evently compare that charge with the provider's present books.
 */
@Injectable()
export class ProviderEventsService implements BeforeApplicationShutdown {
  private readonly background = new Background();

  constructor(
    private readonly providers: PaymentProvidersService,
    private readonly events: ProviderEventsRepository,
    private readonly reconciliation: ReconciliationService,
  ) {}

  /**
   * Keeps a message and lets it be handled after the answer; providers give up on slow ones.
   * Errors: `not_found` when another provider is in use, `invalid_signature`.
   */
  async receive(provider: string, body: Buffer, signature: string | undefined): Promise<void> {
    const { current } = this.providers;
    if (current.name !== provider)
      throw new DomainError('not_found', { detail: `${provider} is not in use here.` });
    const message = current.readMessage(body, signature);
    if (!message) throw new DomainError('invalid_signature');
    const isNew = await this.events.add(provider, message);
    if (isNew) this.background.run('A message of the payment provider', () => this.handle(message));
  }

  /** Handles events left over because their replica died or the provider did not answer. */
  @Every({ name: 'payments.provider-events', seconds: 10 })
  async handleOverdue(): Promise<void> {
    const overdue = await this.events.unhandled(this.providers.current.name, OVERDUE_SECONDS, BATCH_EVENTS);
    for (const event of overdue) await this.handle(event);
  }

  @Every({ name: 'payments.forget-provider-events', seconds: 3_600 })
  forgetOld(): Promise<number> {
    return this.events.forgetOld();
  }

  private async handle({ id, ref }: Pick<ProviderEventEntity, 'id' | 'ref'>): Promise<void> {
    const handled = ref === null || (await this.reconciliation.check(ref));
    if (handled) await this.events.setHandled(this.providers.current.name, id);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.background.drain();
  }
}
