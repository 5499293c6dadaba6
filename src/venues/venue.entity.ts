import { Check, Column, CreateDateColumn, Entity, Index, PrimaryColumn, UpdateDateColumn } from 'typeorm';

@Entity('venue')
@Index('venue_name', ['name', 'id'])
@Index('venue_organizer', ['organizerId'])
@Index('venue_city', { synchronize: false })
@Check('venue_capacity_positive', 'capacity > 0')
export class VenueEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'venue_pkey' })
  id!: string;

  @Column('uuid', { name: 'organizer_id' })
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

  @Column('int', { default: 1 })
  version!: number;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz', default: () => 'clock_timestamp()' })
  createdAt!: Date;

  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz', default: () => 'clock_timestamp()' })
  updatedAt!: Date;
}
