import ipaddr from 'ipaddr.js';

/**
 * Whether an address belongs to the public internet. Everything else (loopback, private and link-local networks, cloud
 * metadata, multicast, translated and reserved ranges) is a way into somebody's inside.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  return ipaddr.process(address).range() === 'unicast';
}

/** Why a URL cannot be told anything, or undefined. `lenient`: plain HTTP and inner addresses are fine. */
export function urlProblem(url: string, lenient: boolean): string | undefined {
  if (!URL.canParse(url)) return 'must be a URL';
  const { protocol, username, password, hash, hostname } = new URL(url);
  if (protocol !== 'https:' && !(lenient && protocol === 'http:')) return 'must start with https://';
  if (username || password) return 'must not contain a user name or password';
  if (hash) return 'must not have a fragment';
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  if (!lenient && (host === 'localhost' || (ipaddr.isValid(host) && !isPublicAddress(host))))
    return 'must not point to a private address';
  return undefined;
}
