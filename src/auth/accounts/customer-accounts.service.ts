import { Injectable } from '@nestjs/common';
import { DomainError } from '../../platform/common/domain-error.js';
import { newId } from '../../platform/common/ids.js';
import type { Locale } from '../../platform/common/locale.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { Tx } from '../../platform/database/tx.js';
import { FactsService } from '../../platform/facts/facts.service.js';
import { MailService } from '../../platform/mail/mail.service.js';
import { SessionsService } from '../tokens/sessions.service.js';
import { type Customer, type CustomerDetails, CustomersRepository } from './customers.repository.js';
import { PersonalDataRepository, type Rows } from './personal-data.repository.js';

export type { Customer, CustomerDetails } from './customers.repository.js';

/**
 * Customers of the shops of organisations: people without an account here. To limits, bookings and tickets they are
 * buyers like any other.
 */
@Injectable()
export class CustomerAccountsService {
  constructor(
    private readonly database: DatabaseService,
    private readonly customers: CustomersRepository,
    private readonly sessions: SessionsService,
    private readonly mail: MailService,
    private readonly facts: FactsService,
    private readonly personalData: PersonalDataRepository,
  ) {}

  /** The customer that the shop knows by this reference, made when it comes for the first time. Errors: `customer_locked`. */
  async put(
    tx: Tx,
    organisationId: string,
    details: CustomerDetails,
  ): Promise<{ id: string; locale: Locale }> {
    const { id, locale, locked } = await this.customers.put(tx, newId(), organisationId, details);
    if (locked) throw new DomainError('customer_locked');
    return { id, locale };
  }

  find(id: string): Promise<Customer | undefined> {
    return this.customers.find(id);
  }

  /** Newest first. `organisationIds`: null for all. */
  page(
    organisationIds: readonly string[] | null,
    reference: string | undefined,
    limit: number,
    before: string | null,
  ): Promise<Customer[]> {
    return this.customers.page(organisationIds, reference, limit, before);
  }

  /** Everything kept about a customer beside the row itself, by table. */
  records(id: string): Promise<Record<string, Rows>> {
    return this.personalData.all(id);
  }

  /** Erases the person; all sessions end at once. Errors: `not_found`. */
  async erase({ id, email }: Pick<Customer, 'id' | 'email'>, actor: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      if (!(await this.customers.erase(tx, id))) throw new DomainError('not_found');
      await this.mail.forgetPerson(tx, { id, email });
      await this.sessions.endAll(tx, id);
      await this.facts.append(tx, {
        stream: 'account',
        streamId: id,
        type: 'account.erased',
        actor,
        data: {},
      });
    });
  }
}
