import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A file that a mail in the mailbox of `/dev/mail` brings; it goes with its mail. */
@Entity('dev_mail_attachment')
export class DevMailAttachmentEntity {
  @PrimaryColumn('uuid')
  mailId!: string;

  /** From 0, in the order of the mail. */
  @PrimaryColumn('smallint')
  no!: number;

  @Column('text')
  filename!: string;

  @Column('text')
  contentType!: string;

  @Column('bytea', { select: false })
  content!: Buffer;
}
