import { Column, Entity, PrimaryColumn } from 'typeorm';
import { VersionedEntity } from '../platform/database/versioned.entity.js';

/** A house, promoter or club that organizes events; venues, events and webhooks carry its id as `organizer_id`. */
@Entity('organisation')
export class OrganisationEntity extends VersionedEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  name!: string;

  /** Postal address, on several lines; empty: not given. */
  @Column('text', { default: '' })
  address!: string;

  @Column('text', { nullable: true })
  website!: string | null;

  /** Members may do nothing for it until they have logged in with two factors. */
  @Column('boolean', { default: false })
  demandsSecondFactor!: boolean;
}
