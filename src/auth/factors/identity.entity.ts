import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** Who a person is at another provider: issuer and subject, which never change, and nothing else of them. */
@Entity('identity')
@Unique('identity_subject', ['issuer', 'subject'])
export class IdentityEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  userId!: string;

  /** Provider at which it was linked. */
  @Column('uuid')
  providerId!: string;

  @Column('text')
  issuer!: string;

  @Column('text')
  subject!: string;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  linkedAt!: Date;

  /** Null: linked, and not used for a login yet. */
  @Column('timestamptz', { nullable: true })
  lastUsedAt!: Date | null;
}
