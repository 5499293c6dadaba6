import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, IsNull, LessThan, Repository } from 'typeorm';
import type { Locale } from '../../platform/common/locale.js';
import type { Tx } from '../../platform/database/tx.js';
import { UserEntity } from './user.entity.js';

/** A customer as the shop tells of them; absent: as it was. */
export interface CustomerDetails {
  readonly reference: string;
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly locale?: Locale | undefined;
}

export type Customer = Pick<UserEntity, 'id' | 'name' | 'locale' | 'createdAt'> & {
  organisationId: string;
  reference: string;
  email: string | null;
};

/** Living customers of shops: rows of `app_user` that are no accounts. */
@Injectable()
export class CustomersRepository {
  constructor(@InjectRepository(UserEntity) private readonly users: Repository<UserEntity>) {}

  /** One row for each reference of an organisation, locked until the transaction ends. `id`: of a new one. */
  async put(
    tx: Tx,
    id: string,
    organisationId: string,
    { reference, name, email, locale }: CustomerDetails,
  ): Promise<{ id: string; locale: Locale; locked: boolean }> {
    const [row] = await tx.query(
      `INSERT INTO app_user AS u (id, kind, organisation_id, reference, name, contact_email, locale)
       VALUES ($1, 'customer', $2, $3, $4, $5, coalesce($6, 'en'))
       ON CONFLICT (organisation_id, reference) WHERE kind = 'customer' DO UPDATE
          SET name = coalesce($4, u.name), contact_email = coalesce($5, u.contact_email), locale = coalesce($6, u.locale)
       RETURNING id, locale, locked_at IS NOT NULL AS locked`,
      [id, organisationId, reference, name ?? null, email ?? null, locale ?? null],
    );
    return row;
  }

  async find(id: string): Promise<Customer | undefined> {
    const found = await this.users.findOneBy({ id, kind: 'customer', deletedAt: IsNull() });
    return found ? customerOf(found) : undefined;
  }

  /** Newest first. `organisationIds`: null for all. */
  async page(
    organisationIds: readonly string[] | null,
    reference: string | undefined,
    limit: number,
    before: string | null,
  ): Promise<Customer[]> {
    const found = await this.users.find({
      where: {
        kind: 'customer',
        deletedAt: IsNull(),
        ...(organisationIds && { organisationId: In(organisationIds) }),
        ...(reference !== undefined && { reference }),
        ...(before !== null && { id: LessThan(before) }),
      },
      order: { id: 'DESC' },
      take: limit,
    });
    return found.map(customerOf);
  }

  /** Leaves the id, to which facts and bookings point, and nothing about the person. @returns false when there was none */
  async erase(tx: Tx, id: string): Promise<boolean> {
    const person = { name: null, reference: null, contactEmail: null };
    const nothing = { ...person, lockedAt: null, lockedReason: null };
    const living = { id, kind: 'customer' as const, deletedAt: IsNull() };
    return (await tx.update(UserEntity, living, { ...nothing, deletedAt: new Date() })).affected === 1;
  }
}

const customerOf = ({
  id,
  organisationId,
  reference,
  name,
  contactEmail,
  locale,
  createdAt,
}: UserEntity): Customer => ({
  id,
  organisationId: organisationId!,
  reference: reference!,
  name,
  email: contactEmail,
  locale,
  createdAt,
});
