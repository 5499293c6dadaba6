import type { Envelope, MailJob, MailKind } from './mail-map.js';
import type { Mail } from './mailbox.js';

export const COMPOSES = 'evently:composes';
export const ADDRESSES = 'evently:addresses';

/**
 * Writes the mails of a kind, each time one is sent: a second attempt says what is true then. Undefined: there is
 * nobody, or nothing, to write any more.
 */
export const Composes =
  <K extends MailKind>(kind: K) =>
  (
    _target: object,
    _key: string,
    method: TypedPropertyDescriptor<(job: MailJob<K>) => Promise<Mail | undefined>>,
  ): void =>
    Reflect.defineMetadata(COMPOSES, kind, method.value!);

/** Recipient and subject of the mails of a kind, for operators. Undefined: its person or its news is gone. */
export const Addresses =
  <K extends MailKind>(kind: K) =>
  (
    _target: object,
    _key: string,
    method: TypedPropertyDescriptor<(job: MailJob<K>) => Promise<Envelope | undefined>>,
  ): void =>
    Reflect.defineMetadata(ADDRESSES, kind, method.value!);
