import { domainToASCII } from 'node:url';

/** Maximum length by SMTP (RFC 5321, 4.5.3.1.3 without the angle brackets). */
const LONGEST = 254;
// The unquoted form of RFC 5322. Quoted local parts, comments and bare addresses of machines are nobody's mailbox.
const LOCAL = /^[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;
const DOMAIN = /^([a-z0-9][a-z0-9-]*\.)+[a-z][a-z0-9-]*[a-z0-9]$/i;
const ASCII = /^[ -~]*$/;
/** Hosts that may be converted: the host of a URL, without escapes, ports and paths. */
const HOST = /^[\w.\u0080-\u{10ffff}-]+$/u;

/**
 * An email address as it is stored and compared: without white space around it, a domain in other letters in its ASCII
 * form (`почта.рф` is `xn--80a1acny.xn--p1ai`), so that both spellings are one account. Null where it is none.
 */
export function toMailAddress(text: string): string | null {
  const trimmed = text.trim();
  const at = trimmed.lastIndexOf('@');
  const local = trimmed.slice(0, Math.max(0, at));
  const domain = asciiDomain(trimmed.slice(at + 1));
  const address = `${local}@${domain}`;
  return LOCAL.test(local) && DOMAIN.test(domain) && address.length <= LONGEST ? address : null;
}

function asciiDomain(domain: string): string {
  if (ASCII.test(domain)) return domain;
  return HOST.test(domain) ? domainToASCII(domain) : '';
}
