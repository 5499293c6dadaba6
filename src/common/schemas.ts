import { z } from 'zod';
import { DomainError } from './domain-error.js';

/** Building blocks of request and answer schemas. */
export const uuid = z.uuid();
export const idParams = z.strictObject({ id: uuid });
export const instant = z.iso.datetime({ offset: true, abort: true }).describe('ISO 8601 with zone');
/** Integer minor units (cents); 10^12 keeps any sum of a booking far below 2^53. */
export const minorUnits = z
  .int()
  .min(0)
  .max(1_000_000_000_000)
  .describe('Integer minor units of the currency');
export const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as EUR')
  .refine(isCurrency, 'is not an ISO 4217 currency');
export const timeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin');
// NUL, which PostgreSQL refuses; what moves a terminal's cursor; what some readers take for the end of a line; and what turns round
// the order in which the rest is read, so that a page says something else than its text. Marks that Hebrew and Arabic need are let in.
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is refused
export const PLAIN = /^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]*$/;
/** Text of people: trimmed, without control characters. It may have several lines. */
export const text = (max: number, min = 1) =>
  z.string().trim().min(min).max(max).regex(PLAIN, 'must not contain control characters');
/** Text of one line: names and titles, which go into subjects, calendars and tickets. */
export const line = (max: number) => text(max).regex(/^[^\t\n\r]*$/, 'must be one line');
/** A switch in a query. */
export const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
export const page = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20).describe('Entries per page'),
  cursor: z.string().max(500).optional().describe('`next` of the page before'),
});

function isCurrency(code: string): boolean {
  return Intl.supportedValuesOf('currency').includes(code);
}

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** A list page: `next` is the cursor of the following page or null, `total` is given where it is cheap. */
export interface Page<T> {
  data: T[];
  next: string | null;
  total?: number;
}

/** Cursors are opaque to clients: base64url of the sort key of the last entry. */
export function encodeCursor(key: readonly (string | number | null)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** Reads a cursor back against the schema of its sort key; anything else is `invalid_cursor`. */
export function decodeCursor<T extends z.ZodType>(cursor: string, key: T): z.infer<T> {
  try {
    return key.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    throw new DomainError('invalid_cursor');
  }
}
