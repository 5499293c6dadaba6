import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import { numeric } from '../platform/database/columns.js';

/** Price of a seat category or of one place of an area: a tier is for one or the other. */
@Entity('price_tier')
@Unique('price_tier_category', ['eventId', 'category'])
@Unique('price_tier_area', ['eventId', 'area'])
export class PriceTierEntity {
  @PrimaryColumn('uuid')
  eventId!: string;

  /** Position within the event, from 0. */
  @PrimaryColumn('smallint')
  no!: number;

  @Column('text')
  name!: string;

  /** Minor units of the event's currency. */
  @Column('bigint', { transformer: numeric })
  price!: number;

  /** Index into `layout.categories`. */
  @Column('smallint', { nullable: true })
  category!: number | null;

  /** Index into `layout.areas`. */
  @Column('smallint', { nullable: true })
  area!: number | null;

  /** Name of that category or area. */
  @Column('text')
  appliesTo!: string;
}
