import { DomainError } from '../../platform/common/domain-error.js';

/** Site for which passkeys are made, and from whose pages alone they are used. */
export interface Site {
  /** Host, without a port. */
  readonly id: string;
  readonly origin: string;
}

/** @param publicUrl address under which people know this installation */
export function siteOf(publicUrl: string): Site {
  const { hostname, origin } = new URL(publicUrl);
  return { id: hostname, origin };
}

/** A browser's own account of what it was asked. Nothing of it is proved before the signature over it is. */
export interface ClientData {
  readonly challenge: string;
  readonly origin: string;
}

/** Undefined for what no browser writes. */
export function clientDataOf(encoded: string): ClientData | undefined {
  let said: unknown;
  try {
    said = JSON.parse(Buffer.from(encoded, 'base64url').toString());
  } catch {
    return undefined;
  }
  if (typeof said !== 'object' || said === null) return undefined;
  const { challenge, origin } = said as Partial<Record<keyof ClientData, unknown>>;
  return typeof challenge === 'string' && typeof origin === 'string' ? { challenge, origin } : undefined;
}

/** The id of a person as passkeys keep it, which says nothing about the person. */
export const handleOf = (userId: string): Buffer => Buffer.from(userId.replaceAll('-', ''), 'hex');

export const isHandleOf = (userId: string, handle: string): boolean =>
  handleOf(userId).equals(Buffer.from(handle, 'base64url'));

/** How browsers find a passkey again. */
export const descriptorOf = ({
  credentialId,
  transports,
}: {
  readonly credentialId: Buffer;
  readonly transports: string[];
}) => ({ id: credentialId.toString('base64url'), transports });

/** The refusal of a passkey that the library did not accept. How it differs is of use to attackers only. */
export const refusalOf = (error: Error): DomainError =>
  new DomainError(error.name === 'UnexpectedRPIDHash' ? 'passkey_elsewhere' : 'passkey_invalid');
