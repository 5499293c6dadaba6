import { Injectable } from '@nestjs/common';
import { DomainError } from '../platform/common/domain-error.js';
import { RefundPoliciesRepository, type RefundTerms } from './refund-policies.repository.js';

export type { RefundTerms } from './refund-policies.repository.js';

/** Terms on which tickets of an event are taken back. */
@Injectable()
export class RefundPoliciesService {
  constructor(private readonly policies: RefundPoliciesRepository) {}

  /** Errors: `not_found`. */
  async terms(eventId: string, bookedAt: Date): Promise<RefundTerms> {
    const terms = await this.policies.terms(eventId, bookedAt);
    if (!terms) throw new DomainError('not_found', { detail: 'There is no such event.' });
    return terms;
  }
}
