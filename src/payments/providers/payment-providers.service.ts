import { Inject, Injectable, Logger } from '@nestjs/common';
import { DomainError } from '../../platform/common/domain-error.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { type Remote, ResilienceService } from '../../platform/resilience/resilience.service.js';
import { type ChosenPaymentMethod, type PaymentProvider, UNKNOWN, type Unknown } from './payment-provider.js';
import { SandboxProviderService } from './sandbox-provider.service.js';
import { StripeProviderService } from './stripe-provider.service.js';

export type {
  BookedCharge,
  Charge,
  ChosenPaymentMethod,
  NextAction,
  ProviderMessage,
  Settlement,
  Unknown,
} from './payment-provider.js';

const COOL_DOWN_MS = 10_000;

/**
 * The providers, each behind a time limit, repetition and a breaker of its own. New payments go to the current
 * provider; older payments stay with the provider that has their money.
 */
@Injectable()
export class PaymentProvidersService {
  readonly current: PaymentProvider;
  private readonly log = new Logger(PaymentProvidersService.name);
  private readonly all = new Map<string, { provider: PaymentProvider; remote: Remote }>();

  constructor(
    private readonly sandbox: SandboxProviderService,
    resilience: ResilienceService,
    @Inject(CONFIG) config: Config,
  ) {
    const { env, payments } = config;
    const { stripe, timeoutMs } = payments;
    this.current = stripe ? new StripeProviderService(stripe, timeoutMs) : sandbox;
    for (const provider of new Set([sandbox, this.current])) {
      const remote = resilience.remote(provider.name, { timeoutMs, coolDownMs: COOL_DOWN_MS });
      this.all.set(provider.name, { provider, remote });
    }
    if (!stripe && env === 'production')
      this.log.warn('Payments go to the sandbox: anyone with a test card number gets real tickets');
  }

  /** The provider of new payments for such an event: those of a sandbox event never move money. */
  takerFor(sandbox: boolean): PaymentProvider {
    return sandbox ? this.sandbox : this.current;
  }

  /**
   * Before a payment to a provider begins. Errors: `payment_method_unsupported`; `payments_unavailable` while it does not
   * answer, with the seconds after which to try again.
   */
  assertReady({ name, method: accepted }: PaymentProvider, method: ChosenPaymentMethod['method']): void {
    if (method !== accepted)
      throw new DomainError('payment_method_unsupported', {
        detail: `Payments go to ${name}: send the method "${accepted}".`,
      });
    const { retryAfter } = this.all.get(name)!.remote;
    if (retryAfter > 0) throw new DomainError('payments_unavailable', { retryAfter });
  }

  /** The provider's answer, or `UNKNOWN` when there was none. */
  async ask<T>(
    name: string,
    what: keyof PaymentProvider & string,
    call: (provider: PaymentProvider, signal: AbortSignal) => Promise<T>,
  ): Promise<T | Unknown> {
    try {
      const known = this.all.get(name);
      if (!known) throw new Error(`This replica has no provider ${name}`);
      return await known.remote.call(what, (signal) => call(known.provider, signal));
    } catch (error) {
      this.log.warn({ err: error, call: what, provider: name }, 'The payment provider gave no answer');
      return UNKNOWN;
    }
  }
}
