/**
 * Areas of texts that few read: they are fetched with the first page of desk or operator, or with the security of an
 * account.
 */
export const DESK_AREAS = [
  'security',
  'desk',
  'sales',
  'gate',
  'operator',
  'house',
  'hooks',
  'members',
  'providers',
  'keys',
  'log',
];
