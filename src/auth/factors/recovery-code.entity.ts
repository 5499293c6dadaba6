import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A code on paper for whoever has lost the authenticator app. */
@Entity('recovery_code')
export class RecoveryCodeEntity {
  @PrimaryColumn('uuid')
  userId!: string;

  /** SHA-256 of the code. */
  @PrimaryColumn('bytea')
  hash!: Buffer;

  @Column('timestamptz', { nullable: true })
  usedAt!: Date | null;
}
