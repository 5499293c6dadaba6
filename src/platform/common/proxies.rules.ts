import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Proxies whose `X-Forwarded-For` is believed: a number of proxies in front of the server, or their addresses. */
export type TrustedProxies = number | readonly string[];

/** `off`, `on` (one), a number, or addresses and networks with commas. Undefined when it is none of these. */
export function proxiesOf(setting: string): TrustedProxies | undefined {
  if (setting === 'off') return 0;
  if (setting === 'on') return 1;
  if (/^\d{1,2}$/.test(setting)) return Number(setting);
  const networks = setting.split(',').map((part) => part.trim());
  return networks.every(
    (network) => isIP(network) || (isIP(network.split('/')[0]!) && ipaddr.isValidCIDR(network)),
  )
    ? networks
    : undefined;
}

/** @returns whether the `hop`th address, 0 for the other end of the connection, is one of ours */
export function trust(proxies: TrustedProxies): (address: string, hop: number) => boolean {
  if (typeof proxies === 'number') return (_, hop) => hop < proxies;
  const networks = proxies.map((network) => {
    const [address, bits] = ipaddr.isValidCIDR(network)
      ? ipaddr.parseCIDR(network)
      : [ipaddr.process(network)];
    return [address!, bits ?? (address!.kind() === 'ipv4' ? 32 : 128)] as const;
  });
  return (given) => {
    if (!ipaddr.isValid(given)) return false;
    const address = ipaddr.process(given);
    return networks.some(
      ([network, bits]) => network.kind() === address.kind() && address.match(network as never, bits),
    );
  };
}

/**
 * The nearest address that is not a trusted proxy: addresses further left in `X-Forwarded-For` can be forged.
 * The same as Fastify's `request.ip`, for requests that it never sees.
 */
export function clientAddress(
  remote: string,
  forwarded: string | undefined,
  trusts: (address: string, hop: number) => boolean,
): string {
  const chain = [
    remote,
    ...(forwarded ?? '')
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean)
      .reverse(),
  ];
  let hop = 0;
  while (hop < chain.length - 1 && trusts(chain[hop]!, hop)) hop++;
  return chain[hop]!;
}
