/** Areas of texts that only organizers and administrators read: they are fetched with the first page of desk or operator. */
export const DESK_AREAS = [
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
