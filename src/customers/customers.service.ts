import { Injectable } from '@nestjs/common';
import { type Customer, CustomerAccountsService } from '../auth/accounts/customer-accounts.service.js';
import { GrantsService } from '../auth/grants/grants.service.js';
import type { Principal } from '../platform/access/principal.js';
import { DomainError } from '../platform/common/domain-error.js';
import { readPageById } from '../platform/common/pages.js';
import type { CustomerBody, CustomerExport, CustomerPage, CustomerQuery } from './customers.schemas.js';

/** The customers of an organisation's shop: shown, given out and erased when they ask for it. */
@Injectable()
export class CustomersService {
  constructor(
    private readonly customers: CustomerAccountsService,
    private readonly grants: GrantsService,
  ) {}

  /** Customers of organisations in which the caller may see buyers of all events, newest first. Errors: `invalid_cursor`. */
  async list(user: Principal, { reference, ...query }: CustomerQuery): Promise<CustomerPage> {
    const organisations = this.grants.reach(user, 'people')?.organisations ?? null;
    const page = await readPageById(query, (count, before) =>
      this.customers.page(organisations, reference, count, before),
    );
    return { ...page, data: page.data.map(toBody) };
  }

  /** Errors: `not_found`, `permission_missing`. */
  async export(user: Principal, id: string): Promise<CustomerExport> {
    const found = await this.find(user, id);
    return { customer: toBody(found), records: await this.customers.records(id) };
  }

  /** Erases the person and ends all sessions; bookings keep an id. Errors: `not_found`, `permission_missing`. */
  async erase(user: Principal, id: string): Promise<void> {
    await this.customers.erase(await this.find(user, id), user.id);
  }

  private async find(user: Principal, id: string): Promise<Customer> {
    const found = await this.customers.find(id);
    if (!found) throw new DomainError('not_found', { detail: NO_CUSTOMER });
    this.grants.require(user, 'people', { organisationId: found.organisationId }, NO_CUSTOMER);
    return found;
  }
}

const NO_CUSTOMER = 'There is no such customer of yours.';

const toBody = ({ createdAt, ...rest }: Customer): CustomerBody => ({
  ...rest,
  createdAt: createdAt.toISOString(),
});
