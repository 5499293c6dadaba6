import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A mail in the mailbox of `/dev/mail`. */
@Entity('dev_mail')
export class DevMailEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text', { name: 'recipient' })
  to!: string;

  @Column('text')
  subject!: string;

  @Column('text', { name: 'body_text' })
  text!: string;

  @Column('text', { name: 'body_html' })
  html!: string;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  sentAt!: Date;
}
