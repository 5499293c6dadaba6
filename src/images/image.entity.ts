import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A picture that was uploaded. */
@Entity('image')
export class ImageEntity {
  /** Digest of what was sent. */
  @PrimaryColumn('text')
  hash!: string;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  createdAt!: Date;

  /** Since when nothing shows it, as far as the last look knows; null: something does. */
  @Column('timestamptz', { nullable: true })
  unusedSince!: Date | null;
}
