import { Inject, Injectable } from '@nestjs/common';
import { newId } from '../common/ids.js';
import { CONFIG, type Config } from '../config/config.js';
import type { Authorization, Charge, PaymentProvider, Settlement } from './payment-provider.js';
import { type Behaviour, behaviourOf } from './sandbox.cards.js';
import { type SandboxCharge, SandboxRepository } from './sandbox.repository.js';

const FIRST: Partial<Record<Behaviour, [Charge['state'], string | null]>> = {
  decline: ['declined', 'declined_by_bank'],
  no_funds: ['declined', 'insufficient_funds'],
  unknown_card: ['declined', 'unknown_card'],
  second_step: ['requires_action', null],
};

/** A payment provider without money: test cards do what can happen with real ones. */
@Injectable()
export class SandboxProvider implements PaymentProvider {
  readonly name = 'sandbox';

  constructor(
    private readonly charges: SandboxRepository,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async authorize({ key, amount, currency, card }: Authorization, signal: AbortSignal): Promise<Charge> {
    const behaviour = behaviourOf(card.number);
    if (behaviour === 'silent') return silence(signal);
    const [state, reason] = FIRST[behaviour] ?? ['authorized', null];
    const ref = `sb_${newId()}`;
    const charge = await this.charges.open({ key, ref, behaviour, state, reason }, amount, currency);
    return behaviour === 'late' ? silence(signal) : this.tell(charge);
  }

  async capture(key: string): Promise<Settlement> {
    const known = await this.charges.find(key);
    if (known?.behaviour === 'no_capture') return { outcome: 'refused', reason: 'capture_failed' };
    return settlement(await this.charges.move(key, ['authorized'], 'captured'), 'captured');
  }

  async void(key: string): Promise<Settlement> {
    return settlement(await this.charges.move(key, ['authorized', 'requires_action'], 'voided'), 'voided');
  }

  async refund(refund: { key: string; chargeKey: string; amount: number }): Promise<Settlement> {
    const { key, chargeKey, amount } = refund;
    const known = await this.charges.find(chargeKey);
    if (known?.behaviour === 'no_refund') return { outcome: 'refused', reason: 'refund_refused' };
    const made = await this.charges.refund(key, chargeKey, amount);
    return made ? { outcome: 'done', ref: key } : { outcome: 'refused', reason: 'more_than_captured' };
  }

  async find(key: string): Promise<Charge | undefined> {
    const charge = await this.charges.find(key);
    return charge && this.tell(charge);
  }

  list(since: Date): Promise<SandboxCharge[]> {
    return this.charges.list(since);
  }

  /** The sandbox sends none. */
  verifyWebhook(): undefined {}

  /** What a buyer does in a bank's window. @returns key of the charge, if one waits */
  answer(ref: string, approved: boolean): Promise<string | undefined> {
    return this.charges.answer(ref, approved);
  }

  private tell({ state, ref, reason }: SandboxCharge): Charge {
    if (state === 'declined') return { state, ref, reason: reason ?? 'declined' };
    if (state !== 'requires_action') return { state, ref };
    const url = `${this.config.publicUrl}/api/v1/payments/sandbox/${ref}/confirm`;
    return { state, ref, nextAction: { type: 'confirm', url } };
  }
}

function settlement(charge: SandboxCharge | undefined, wanted: Charge['state']): Settlement {
  if (charge?.state === wanted) return { outcome: 'done', ref: charge.ref };
  return { outcome: 'refused', reason: `charge_is_${charge?.state ?? 'unknown'}` };
}

const silence = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
