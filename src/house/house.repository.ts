import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { now } from '../platform/database/clock.js';
import type { Tx } from '../platform/database/tx.js';
import { type HouseColumns, HouseEntity, OrganisationHouseEntity } from './house.entity.js';
import { NOTHING_OWN, type Whose } from './house.rules.js';

const ONLY = { id: 1 };
const LOGO = { logo: true, logoType: true, logoHash: true } as const;

/** Name null: that of the installation. */
export type HouseRow = Omit<HouseColumns, 'logo'> & { name: string | null };
type Changes = Partial<Omit<HouseColumns, 'version' | 'createdAt' | 'updatedAt'> & { name: string | null }>;
type Picture = Pick<HouseColumns, 'logo' | 'logoType' | 'logoHash'>;

/** Houses: one row for the installation, which is there from the start, and one for each organisation that has settings of its own. */
@Injectable()
export class HouseRepository {
  constructor(
    @InjectRepository(HouseEntity) private readonly houses: Repository<HouseEntity>,
    @InjectRepository(OrganisationHouseEntity) private readonly own: Repository<OrganisationHouseEntity>,
  ) {}

  installation(): Promise<HouseEntity> {
    return this.houses.findOneByOrFail(ONLY);
  }

  /** Null: it has no settings of its own. */
  ofOrganisation(organisationId: string): Promise<OrganisationHouseEntity | null> {
    return this.own.findOneBy({ organisationId });
  }

  /** Locks the row, which begins here at version 0 where there is none: of two who make it the second waits. */
  async lock(tx: Tx, whose: Whose): Promise<HouseRow> {
    const lock = { mode: 'pessimistic_write' } as const;
    if (whose === null) return tx.getRepository(HouseEntity).findOneOrFail({ where: ONLY, lock });
    const row = { ...NOTHING_OWN, organisationId: whose };
    await tx.createQueryBuilder().insert().into(OrganisationHouseEntity).values(row).orIgnore().execute();
    return tx
      .getRepository(OrganisationHouseEntity)
      .findOneOrFail({ where: { organisationId: whose }, lock });
  }

  logo(whose: Whose): Promise<Picture | null> {
    return whose === null
      ? this.houses.findOne({ where: ONLY, select: { id: true, ...LOGO } })
      : this.own.findOne({ where: { organisationId: whose }, select: { organisationId: true, ...LOGO } });
  }

  async update(tx: Tx, whose: Whose, version: number, changes: Changes): Promise<void> {
    const row = { ...changes, version: version + 1, updatedAt: now };
    const [entity, where] =
      whose === null ? [HouseEntity, ONLY] : [OrganisationHouseEntity, { organisationId: whose }];
    await tx
      .createQueryBuilder()
      .update<HouseColumns & Pick<HouseRow, 'name'>>(entity)
      .set(row)
      .where(where)
      .execute();
  }
}
