/**
 * Every kind of mail and what its text is made from: ids, never the text itself and never a token. Each feature adds its
 * own kinds, and two methods for each, with `@Composes` and `@Addresses`:
 *
 *     declare module './mail-map.js' {
 *       interface MailMap { 'account.verify': Record<string, never> }
 *     }
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by the features
export interface MailMap {}

export type MailKind = Extract<keyof MailMap, string>;

/** A mail to be written: to whom, and about what. */
export type NewMail = {
  [K in MailKind]: {
    readonly kind: K;
    readonly userId: string;
    readonly data: MailMap[K];
    /** One of very many: waits behind those that one person is waiting for. */
    readonly bulk?: boolean;
    /** After this moment nobody needs it any more. */
    readonly usefulUntil?: Date;
  };
}[MailKind];

/** Recipient and subject of a mail. */
export interface Envelope {
  readonly to: string;
  readonly subject: string;
}

/** A mail that is about to be sent, or to be shown to an operator. */
export interface MailJob<K extends MailKind = MailKind> {
  readonly id: string;
  readonly kind: K;
  readonly userId: string;
  readonly data: MailMap[K];
  /**
   * Shown to an operator, who may not do what its links do and its tickets open: nothing is made for it, its links lead
   * nowhere secret, its attachments are empty, and that its news is out of date does not matter.
   */
  readonly preview?: true;
}
