/** Rights that a member of an organisation may have. */
export const PERMISSIONS = [
  'events',
  'prices',
  'people',
  'refunds',
  'money',
  'box-office',
  'sell',
  'door',
  'settings',
  'members',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** Events on which somebody may act: all of these organisations, and single ones of others. */
export interface Reach {
  readonly organisations: readonly string[];
  readonly events: readonly string[];
  /** Only sandbox events, or only others; undefined: both. */
  readonly sandbox?: boolean;
}

/** Sets of permissions that people usually have together. */
export const PERMISSION_TEMPLATES = {
  manager: ['events', 'prices', 'people', 'refunds', 'money', 'box-office', 'sell', 'door', 'settings'],
  boxOffice: ['people', 'box-office', 'door'],
  door: ['door'],
  accountant: ['money'],
} as const satisfies Record<string, readonly Permission[]>;
