import { networkOf } from './network.rules.js';

/** Kinds of requests with a limit of their own beside `default`, which counts all. */
export const LIMIT_KINDS = [
  'default',
  'holds',
  'checkout',
  'search',
  'documents',
  'waitlist',
  'registrations',
  'sessions',
] as const;
export type LimitKind = (typeof LIMIT_KINDS)[number];

/** Requests allowed in a window, for a person who is logged in and for an address without a login. */
export interface Quota {
  readonly person: number;
  readonly address: number;
}
export type Quotas = Readonly<Record<LimitKind, Quota>>;

/**
 * A buyer in a rush clicks once a second and polls a little; behind one address there may be an office or a mobile
 * network, so that people who are logged in never share its limit.
 */
export const DEFAULT_QUOTAS: Quotas = {
  default: { person: 600, address: 3_000 },
  holds: { person: 60, address: 300 },
  checkout: { person: 30, address: 150 },
  search: { person: 240, address: 1_200 },
  documents: { person: 60, address: 60 },
  waitlist: { person: 30, address: 150 },
  // A school or an office registers at once when a sale begins.
  registrations: { person: 10, address: 100 },
  // Buyer sessions that a shop makes with one key.
  sessions: { person: 300, address: 60 },
};

/** `holds=120,address.default=6000`: the usual quotas with some replaced. Undefined when that is not what it says. */
export function quotasOf(setting: string): Quotas | undefined {
  const quotas: Record<LimitKind, Quota> = { ...DEFAULT_QUOTAS };
  for (const part of setting.split(',')) {
    const [, of = 'person', kind, count] = /^(?:(address)\.)?([a-z]+)=(\d{1,9})$/.exec(part.trim()) ?? [];
    if (!isKind(kind) || Number(count) < 1) return undefined;
    quotas[kind] = { ...quotas[kind], [of]: Number(count) };
  }
  return quotas;
}

/** `CLIENT=10,CLIENT=3`: how many times the quotas a client gets, by the id of a person or by an address. */
export function factorsOf(setting: string): ReadonlyMap<string, number> | undefined {
  const factors = new Map<string, number>();
  for (const part of setting.split(',')) {
    const [, client, factor] = /^([\da-f.:-]{3,45})=(\d{1,6})$/i.exec(part.trim()) ?? [];
    if (client === undefined || Number(factor) < 1) return undefined;
    factors.set(networkOf(client.toLowerCase()), Number(factor));
  }
  return factors;
}

/** Holds that may be open at once without being paid, of a person and of everybody behind one network. */
export interface OpenHoldCaps {
  readonly person: number;
  readonly network: number;
}

export const DEFAULT_OPEN_HOLDS: OpenHoldCaps = { person: 5, network: 300 };

/** `person=5,network=300`, or one of them. Undefined when that is not what it says. */
export function openHoldsOf(setting: string): OpenHoldCaps | undefined {
  const caps = { ...DEFAULT_OPEN_HOLDS };
  for (const part of setting.split(',')) {
    const [, of, count] = /^(person|network)=(\d{1,7})$/.exec(part.trim()) ?? [];
    if (!of || Number(count) < 1) return undefined;
    caps[of as keyof OpenHoldCaps] = Number(count);
  }
  return caps;
}

const isKind = (name: string | undefined): name is LimitKind => LIMIT_KINDS.includes(name as LimitKind);
