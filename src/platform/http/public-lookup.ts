import { type LookupAddress, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isPublicAddress } from '../common/address.rules.js';

/**
 * Resolves a name to its public addresses only, for connections to addresses that strangers have named: at the moment
 * of the connection, so that a second answer of a name server changes nothing.
 */
export const publicOnly: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error) return callback(error, '');
    const open = addresses.filter(({ address }) => isPublicAddress(address));
    const first = open[0];
    if (!first) return callback(new Error(`${hostname} has no public address`), '');
    if (options.all) return callback(null, open);
    callback(null, first.address, first.family);
  });
};
