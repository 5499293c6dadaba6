import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/domain-error.js';
import { RefundPoliciesRepository, type RefundTerms } from './refund-policies.repository.js';

export type { RefundTerms } from './refund-policies.repository.js';

/** On what terms tickets of an event are taken back. */
@Injectable()
export class RefundPolicies {
  constructor(private readonly policies: RefundPoliciesRepository) {}

  /** Errors: `not_found`. */
  async terms(eventId: string, bookedAt: Date): Promise<RefundTerms> {
    const terms = await this.policies.terms(eventId, bookedAt);
    if (!terms) throw new DomainError('not_found', { detail: 'There is no such event.' });
    return terms;
  }
}
