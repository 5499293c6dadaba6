import ipaddr from 'ipaddr.js';

/**
 * True for an address of the public internet. All others (loopback, private and link-local networks, cloud metadata,
 * multicast, translated and reserved ranges) lead into internal networks.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  return ipaddr.process(address).range() === 'unicast';
}

/**
 * Reason why nothing is sent to a URL that strangers have named, or undefined. `lenient`: private addresses are allowed,
 * and plain HTTP unless `plainHttp` says otherwise.
 */
export function urlProblem(url: string, lenient: boolean, plainHttp = lenient): string | undefined {
  if (!URL.canParse(url)) return 'must be a URL';
  const { protocol, username, password, hash, hostname } = new URL(url);
  if (protocol !== 'https:' && !(plainHttp && protocol === 'http:')) return 'must start with https://';
  if (username || password) return 'must not contain a user name or password';
  if (hash) return 'must not have a fragment';
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  if (!lenient && (host === 'localhost' || (ipaddr.isValid(host) && !isPublicAddress(host))))
    return 'must not point to a private address';
  return undefined;
}
