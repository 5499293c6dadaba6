import { Column } from 'typeorm';

/** A row that people edit: each change counts its version up. */
export abstract class VersionedEntity {
  @Column('int', { default: 1 })
  version!: number;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  createdAt!: Date;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  updatedAt!: Date;
}
