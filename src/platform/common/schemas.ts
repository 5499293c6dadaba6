import { z } from 'zod';
import { isCurrency } from './currencies.js';
import { toMailAddress } from './mail-address.rules.js';
import { isVisible } from './text.rules.js';
import { isTimeZone } from './time-zones.js';

/** Seat of the examples. */
export const PLACE_EXAMPLE = { block: 'Block A', row: '3', seat: '12', text: 'Block A, row 3, seat 12' };

/** Building blocks of request and answer schemas. */
export const uuid = z.uuid();
export const instant = z.iso.datetime({ offset: true, abort: true }).describe('ISO 8601 with zone');
/** Integer minor units (cents); 10^12 keeps any sum of a booking far below 2^53. */
export const minorUnits = z
  .int()
  .min(0)
  .max(1_000_000_000_000)
  .describe('Integer minor units of the currency');
/** Currency that a new event may be sold in. */
export const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, { message: 'must be an ISO 4217 code such as EUR', abort: true })
  .refine(isCurrency, 'is not a currency of ISO 4217');
/** Currency that something is or was sold in: codes leave the list, events keep theirs. */
export const currencyCode = z.string().regex(/^[A-Z]{3}$/);
export const timeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin');
// Excludes NUL, which PostgreSQL refuses; characters that move a terminal's cursor or that some readers take for the
// end of a line; and characters that reverse the reading order, so that a page shows another text than it holds. Marks
// that Hebrew and Arabic need are allowed.
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is refused
export const PLAIN = /^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]*$/;
export const ONE_LINE = /^[^\t\n\r]*$/;
/**
 * Text of people: trimmed, without control characters, and with something to see in it unless it may be empty. It may
 * have several lines. The pipe looks at all texts for what is no Unicode.
 */
export const text = (max: number, min = 1) =>
  z
    .string()
    .trim()
    .min(min, { abort: true })
    .max(max)
    .regex(PLAIN, 'must not contain control characters')
    .refine((value) => min === 0 || isVisible(value), 'must have a visible character');
/** Text of one line: names and titles, which go into subjects, calendars and tickets. */
export const line = (max: number) => text(max).regex(ONE_LINE, 'must be one line');
/** An email address in the one form that is stored; see `toMailAddress`. */
export const email = z
  .string()
  .max(320)
  .meta({ format: 'email' })
  .transform((value, context) => {
    const address = toMailAddress(value);
    if (address === null) context.addIssue('must be an email address such as name@example.org');
    return address ?? z.NEVER;
  });
const part = z.string().nullable();
/** Name of a seat, or of a place in a general-admission area. */
export const place = z
  .strictObject({
    block: part.describe('Zone of the plan, or the general-admission area; null when the zone has no name'),
    row: part.describe('null when the row has no name, and in an area'),
    seat: part.describe('null when the seat has no number, and in an area'),
    text: z.string().describe('The parts that there are as people read them, in the language of the account'),
  })
  .meta({ id: 'Place', example: PLACE_EXAMPLE });
/** A switch in a query. */
export const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
export const page = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20).describe('Entries per page'),
  cursor: z.string().max(500).optional().describe('`next` of the page before'),
});

/** Answer with a page of a list; see `Page`. */
export const pageOf = <Entry extends z.ZodType>(entry: Entry) =>
  z.strictObject({
    data: z.array(entry),
    next: z.string().nullable().describe('Cursor of the following page; null on the last'),
  });
