import { Column, Entity, PrimaryColumn } from 'typeorm';
import { VersionedEntity } from '../platform/database/versioned.entity.js';
import type { Bilingual, HouseLink } from './house.schemas.js';

/** Columns of a house but its name. */
export abstract class HouseColumns extends VersionedEntity {
  /** `#rrggbb`; null: the colours of the product. */
  @Column('text', { nullable: true })
  accent!: string | null;

  @Column('jsonb')
  links!: HouseLink[];

  @Column('jsonb')
  imprint!: Bilingual;

  @Column('jsonb')
  privacy!: Bilingual;

  @Column('jsonb')
  terms!: Bilingual;

  /** One line about taxes. */
  @Column('jsonb')
  vat!: Bilingual;

  /** Read alone: up to half a megabyte, which nothing else needs. */
  @Column('bytea', { nullable: true, select: false })
  logo!: Buffer | null;

  /** Media type. */
  @Column('text', { nullable: true })
  logoType!: string | null;

  /** Digest of the picture, which its address carries. */
  @Column('text', { nullable: true })
  logoHash!: string | null;
}

/** The only row: whoever runs this installation, as buyers see it. */
@Entity('house')
export class HouseEntity extends HouseColumns {
  @PrimaryColumn('smallint')
  id!: number;

  @Column('text')
  name!: string;
}

/** An organisation, as buyers see it; what it leaves out is that of the installation. */
@Entity('organisation_house')
export class OrganisationHouseEntity extends HouseColumns {
  @PrimaryColumn('uuid')
  organisationId!: string;

  @Column('text', { nullable: true })
  name!: string | null;
}
