import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A message of a provider, kept once however often it comes. */
@Entity('provider_event')
export class ProviderEventEntity {
  @PrimaryColumn('text')
  provider!: string;

  @PrimaryColumn('text')
  id!: string;

  @Column('text')
  type!: string;

  /** Name of the charge at the provider; null: nothing of ours. */
  @Column('text', { nullable: true })
  ref!: string | null;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  receivedAt!: Date;

  @Column('timestamptz', { nullable: true })
  handledAt!: Date | null;
}
