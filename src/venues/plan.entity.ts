import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { AreaLayout, Layout } from './layout.js';

/**
 * A seating plan of a venue. It never changes: a changed hall is a new version. Large columns are read only on demand.
 */
@Entity('seating_plan')
@Unique('seating_plan_version', ['venueId', 'version'])
export class PlanEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  venueId!: string;

  /** 1, 2, 3 … within the venue. */
  @Column('int')
  version!: number;

  @Column('text')
  name!: string;

  @Column('int')
  seatCount!: number;

  /** Seats and places of areas together. */
  @Column('int')
  placeCount!: number;

  /** JSON as it was sent. */
  @Column('text', { select: false })
  document!: string;

  @Column('jsonb', { select: false })
  accessible!: string[];

  @Column('jsonb', { select: false })
  areas!: AreaLayout[];

  /** Plan as the rest of the system sees it, made from the three before. */
  @Column('json', { select: false })
  layout!: Layout;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  createdAt!: Date;
}
