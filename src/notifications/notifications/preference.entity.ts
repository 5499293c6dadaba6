import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Kind } from './notification.kinds.js';

/** A person's choice for one kind of notification, where it differs from the default. */
@Entity('notification_preference')
export class PreferenceEntity {
  @PrimaryColumn('uuid')
  userId!: string;

  @PrimaryColumn('text')
  kind!: Kind;

  @Column('boolean')
  inApp!: boolean;

  @Column('boolean')
  mail!: boolean;
}
