export interface Attachment {
  filename: string;
  contentType: string;
  content: string | Buffer;
}

export interface Mail {
  to: string;
  subject: string;
  text: string;
  html: string;
  attachments?: Attachment[];
}

/** Where mail goes: an SMTP server, or the development mailbox. Rejects when it could not be handed over. */
export interface Mailbox {
  /** @param id of the mail, the same in every attempt: whoever gets it twice can tell */
  deliver(id: string, mail: Mail): Promise<void>;
  close?(): void;
}

export const MAILBOX = Symbol('mailbox');

/** Trying again would change nothing. */
export class Undeliverable extends Error {}
