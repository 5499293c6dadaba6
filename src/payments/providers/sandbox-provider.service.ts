import { Inject, Injectable } from '@nestjs/common';
import { newId } from '../../platform/common/ids.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { PaymentNewsService } from './payment-news.service.js';
import type {
  BookedCharge,
  Charge,
  ChargeHandle,
  ChargePage,
  PaymentAuthorization,
  PaymentProvider,
  Settlement,
} from './payment-provider.js';
import { type Behaviour, behaviourOf } from './sandbox.cards.js';
import { type SandboxCharge, SandboxRepository } from './sandbox.repository.js';
import { faulty, silence } from './sandbox-faults.js';

const FIRST: Partial<Record<Behaviour, [Charge['state'], string | null]>> = {
  decline: ['declined', 'declined_by_bank'],
  no_funds: ['declined', 'insufficient_funds'],
  unknown_card: ['declined', 'unknown_card'],
  second_step: ['requires_action', null],
};
const PAGE = 200;
const FLAKY_CALLS = 2;
const SECOND_TELLING_MS = 50;

/** A payment provider without money: test cards do what can happen with real ones. */
@Injectable()
export class SandboxProviderService implements PaymentProvider {
  readonly name = 'sandbox';
  readonly method = 'card';
  readonly publishableKey = null;

  constructor(
    private readonly charges: SandboxRepository,
    private readonly news: PaymentNewsService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  authorize(authorization: PaymentAuthorization, signal: AbortSignal): Promise<Charge> {
    return this.act(signal, async () => {
      const { key, amount, currency, paymentMethod } = authorization;
      const behaviour =
        paymentMethod.method === 'card' ? behaviourOf(paymentMethod.card.number) : 'unknown_card';
      if (behaviour === 'silent') return silence(signal);
      const [state, reason] = FIRST[behaviour] ?? ['authorized', null];
      const ref = `sb_${newId()}`;
      const charge = await this.charges.open({ key, ref, behaviour, state, reason, amount, currency });
      if (behaviour === 'flaky' && charge.asked <= FLAKY_CALLS) throw new Error('A flaky card');
      if (behaviour === 'twice') this.tellTwice(key);
      return behaviour === 'late' ? silence(signal) : this.tell(charge);
    });
  }

  capture({ key }: ChargeHandle, signal: AbortSignal): Promise<Settlement> {
    return this.act(signal, async () => {
      const known = await this.charges.find(key);
      if (known?.behaviour === 'no_capture') return { outcome: 'refused', reason: 'capture_failed' };
      const { moved, charge } = await this.charges.move(key, ['authorized'], 'captured');
      if (moved && charge?.behaviour === 'late_capture') return silence(signal);
      if (moved && charge?.behaviour === 'twice') this.tellTwice(key);
      return settlement(charge, 'captured');
    });
  }

  void({ key }: ChargeHandle, signal: AbortSignal): Promise<Settlement> {
    return this.act(signal, async () => {
      const { charge } = await this.charges.move(key, ['authorized', 'requires_action'], 'voided');
      return settlement(charge, 'voided');
    });
  }

  refund(
    { key, charge, amount }: { key: string; charge: ChargeHandle; amount: number },
    signal: AbortSignal,
  ): Promise<Settlement> {
    return this.act(signal, async () => {
      const known = await this.charges.find(charge.key);
      if (known?.behaviour === 'no_refund') return { outcome: 'refused', reason: 'refund_refused' };
      const done = await this.charges.refund(key, charge.key, amount);
      if (done === 'too_much') return { outcome: 'refused', reason: 'more_than_captured' };
      if (done === 'made' && known?.behaviour === 'late_refund') return silence(signal);
      return { outcome: 'done', ref: key };
    });
  }

  find({ key }: ChargeHandle, signal: AbortSignal): Promise<Charge | undefined> {
    return this.act(signal, async () => {
      const charge = await this.charges.find(key);
      return charge && this.tell(charge);
    });
  }

  inspect(ref: string, signal: AbortSignal): Promise<BookedCharge | undefined> {
    return this.act(signal, () => this.charges.findByRef(ref));
  }

  list(
    what: 'made' | 'refunded',
    since: Date,
    page: string | null,
    signal: AbortSignal,
  ): Promise<ChargePage> {
    return this.act(signal, async () => {
      const charges = await this.charges.list(what, since, page ?? '', PAGE);
      return { charges, next: charges.length === PAGE ? charges.at(-1)!.ref : null };
    });
  }

  /** The sandbox sends none over HTTP. */
  readMessage(): undefined {}

  /** Whether the charge under this reference moves no money in any case. */
  isOfSandboxEvent(ref: string): Promise<boolean> {
    return this.charges.isOfSandboxEvent(ref);
  }

  /** Stands for the buyer's answer in a bank's window. @returns false when no charge waits under this reference */
  async answer(ref: string, approved: boolean): Promise<boolean> {
    const charge = await this.charges.answer(ref, approved);
    if (charge) await this.news.tell(charge.key);
    if (charge?.behaviour === 'twice') this.tellTwice(charge.key);
    return charge !== undefined;
  }

  private act<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return faulty(this.config.payments.sandboxFaults, signal, work);
  }

  private tellTwice(key: string): void {
    this.news.tellSoon(key, 0);
    this.news.tellSoon(key, SECOND_TELLING_MS);
  }

  private tell({ state, ref, reason }: SandboxCharge): Charge {
    if (state === 'declined') return { state, ref, reason: reason ?? 'declined' };
    if (state !== 'requires_action') return { state, ref };
    const url = `${this.config.http.publicUrl}/api/v1/payments/sandbox/${ref}/confirm`;
    return { state, ref, nextAction: { type: 'confirm', url } };
  }
}

function settlement(charge: SandboxCharge | undefined, wanted: Charge['state']): Settlement {
  if (charge?.state === wanted) return { outcome: 'done', ref: charge.ref };
  return { outcome: 'refused', reason: `charge_is_${charge?.state ?? 'unknown'}` };
}
