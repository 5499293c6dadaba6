import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How far the books of a provider were compared with ours. */
@Entity('reconciled')
export class ReconciledEntity {
  @PrimaryColumn('text')
  provider!: string;

  /** Everything that was made or refunded before has been compared. */
  @Column('timestamptz')
  until!: Date;
}
