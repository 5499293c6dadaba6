import type { Json } from '../support/client.js';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)/g;
const CODE = /(?<![\w-])[0-9A-HJ-NP-Z]{4}-[0-9A-HJ-NP-Z]{4}(?![\w-])/g;
/** As texts for people say it. */
const SPOKEN = /\w+day, \d+ \w+ \d{4} at \d\d:\d\d [A-Z]+/g;
const GRID = 5 * 60_000;
const HOUR = 3_600_000;
const BEGIN = Date.parse('2027-06-01T10:00:00.000Z');

const JWT = 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIwMTlhIn0.c2lnbmF0dXJl';
const TICKET =
  'AQABAgMBmrDAAABwAIAAAAAAAAAA4QGasMAAAHAAgAAAAAAAANEAAb8mFYNg6Dq3v0nS2yJ7c8m1T4pXwQfLrKZ5aVhUeOtGsRkBjYdNqHoWz6xMvPyIuEl9gC0aFbX3iJwT2Q';
/**
 * Values that differ in each run, by the name of the member: secrets, random names, and measurements of the machine.
 */
const BY_NAME: Record<string, (value: Json) => Json> = {
  accessToken: () => JWT,
  refreshToken: () => '3fJ0b5kZ8mYw1r6hXc2VqS7tLp4nGdUeAiOyKzBxRvE',
  token: (value) => (value?.length > 100 ? TICKET : value && 'token-of-the-mail'),
  secret: (value) =>
    value?.startsWith('whsec_')
      ? 'whsec_VGhpcyBpcyBhbiBleGFtcGxlIG9mIGEgc2VjcmV0IQ=='
      : 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  uri: () =>
    'otpauth://totp/Evently:ada%40example.org?issuer=Evently&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&algorithm=SHA1&digits=6&period=30',
  code: (value) =>
    typeof value === 'string' && /^\d{6}$/.test(value) ? '492039' : value?.replace?.(CODE, 'K7RM-2XQF'),
  challenge: () => 'Zk3TqV7yF0b9mXr2LwHc8sJ1pNe5uGdAoKzB6RvQxCt',
  device: () => 'Qx9uKf3LmYt7RbZ0aWvE2hNcS5gJ8pDi1oTk4XyUqHs',
  recoveryCodes: () => ['2b3c-d4e5-f6g7-h2i3', 'qrst-uvwx-yz23-4567'],
  epoch: () => '5e0c1b7a9f42',
  x: (value) => (typeof value === 'string' ? '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' : value),
  kid: () => '00010203',
  next: (value) => value && 'WyIyMDI3LTA2LTAxVDEwOjAwOjAwLjAwMFoiXQ',
  uptimeSeconds: () => 3600,
  memoryMegabytes: () => 180,
  latencyMs: () => 0.6,
  milliseconds: () => 12,
  connections: () => ({ open: 10, idle: 9, waiting: 0 }),
};

/**
 * An answer as it would be in every run: ids are numbered in the order of their appearance, times are counted from one
 * day in steps of five minutes, what is secret or made by chance is replaced.
 * @param began when the run began, ms
 */
export function stable(began: number, calls: Json): Json {
  const ids = new Map<string, string>();
  const number = (id: string): string => {
    if (!ids.has(id)) ids.set(id, `019ab0c0-0000-7000-8000-${(ids.size + 1).toString(16).padStart(12, '0')}`);
    return ids.get(id)!;
  };
  const move = (time: string): string => {
    const after = Date.parse(time) - began;
    if (after < -HOUR || after > 45 * 24 * HOUR) return time;
    return new Date(BEGIN + Math.floor(after / GRID) * GRID).toISOString();
  };
  const text = (value: string): string =>
    value
      .replace(UUID, number)
      .replace(TIME, move)
      .replace(CODE, 'K7RM-2XQF')
      .replace(SPOKEN, 'Thursday, 1 July 2027 at 12:00 CEST')
      .replace(/http:\/\/127\.0\.0\.1:\d+\/?$/, 'https://shop.example.org/evently')
      .replace(/http:\/\/(127\.0\.0\.1|localhost):\d+/, 'http://localhost:8000');
  const walk = (value: Json): Json => {
    if (typeof value === 'string') return text(value);
    if (Array.isArray(value)) return value.map(walk);
    if (!value || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [text(name), walk(BY_NAME[name]?.(member) ?? member)]),
    );
  };
  return walk(calls);
}
