import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Act of an organizer, administrator or operator. Written once, never changed. */
@Entity('act')
export class ActEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  at!: Date;

  /** Person; null at the command line. */
  @Column('uuid', { nullable: true })
  actor!: string | null;

  @Column('text')
  role!: string;

  /** Method and route. */
  @Column('text')
  action!: string;

  /** Id in the path. */
  @Column('uuid', { nullable: true })
  target!: string | null;

  /** Other person or key that the request names: a member, for example. */
  @Column('uuid', { nullable: true })
  subject!: string | null;

  /** Organisation that it is about; by the database where the path has an id. */
  @Column('uuid', { nullable: true })
  organisationId!: string | null;

  /** Event that it is about, by the database. */
  @Column('uuid', { nullable: true })
  eventId!: string | null;

  /** Members of the request that say what was decided; never free text of people. */
  @Column('jsonb')
  said!: object;

  @Column('text', { nullable: true })
  correlationId!: string | null;
}
