export interface Mail {
  to: string;
  subject: string;
  text: string;
  html: string;
}

/** Where mail goes: an SMTP server, or the development mailbox. Rejects when it could not be handed over. */
export interface Mailbox {
  deliver(mail: Mail): Promise<void>;
  close?(): void;
}

export const MAILBOX = Symbol('mailbox');
