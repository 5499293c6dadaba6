import { Column, Entity, PrimaryColumn } from 'typeorm';
import { VersionedEntity } from '../platform/database/versioned.entity.js';

/** A place where events happen. */
@Entity('venue')
export class VenueEntity extends VersionedEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  organizerId!: string;

  @Column('text')
  name!: string;

  @Column('text')
  address!: string;

  @Column('text')
  city!: string;

  /** ISO 3166-1 alpha-2. */
  @Column('char', { length: 2 })
  country!: string;

  /** IANA name. */
  @Column('text')
  timezone!: string;

  @Column('int')
  capacity!: number;

  @Column('text', { nullable: true })
  description!: string | null;
}
