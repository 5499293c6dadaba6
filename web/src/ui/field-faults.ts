import type { en } from '../i18n/en.js';

type Key = keyof typeof en.faults;

/**
 * Messages of the API about a field, each with the text of ours for it. Groups of a pattern are the values of the text. Messages
 * of mistakes in a program, which nobody can mend in a form, are all `wrong`.
 */
const FAULTS: readonly (readonly [said: RegExp, key: Key])[] = [
  [/^is missing$|^must not be empty$|^must have at least 1 entry$/, 'missing'],
  [/^must have a visible character$|^must have at least 1 character$/, 'invisible'],
  [/^must be well-formed Unicode$/, 'broken'],
  [/^must not contain control characters$/, 'control'],
  [/^must be one line$/, 'oneLine'],
  [/^must not begin or end with white space$/, 'outerSpace'],
  [/^must not contain white space$/, 'space'],
  [/^must be an email address such as /, 'email'],
  [/^must have (?:at least|more than) (?<limit>\d+) characters?$/, 'tooShort'],
  [
    /^must (?:have (?:at most|less than) (?<limit>\d+) characters?|not be longer than (?<longest>\d+) characters)$/,
    'tooLong',
  ],
  [/^must have (?:at least|more than) (?<limit>\d+) entr(?:y|ies)$/, 'tooFew'],
  [/^must have (?:at most|less than) (?<limit>\d+) entr(?:y|ies)$/, 'tooMany'],
  [/^must be at least (?<limit>-?[\d.]+)$/, 'tooSmall'],
  [/^must be at most (?<limit>-?[\d.]+)$/, 'tooBig'],
  [/^must be more than (?<limit>-?[\d.]+)$/, 'more'],
  [/^must be less than (?<limit>-?[\d.]+)$/, 'less'],
  [/^must be a whole number from (?<from>\d+) to (?<to>\d+)$/, 'between'],
  [/^must be a multiple of (?<step>[\d.]+)$/, 'step'],
  [/^must be a whole number$/, 'whole'],
  [/^must be a (finite )?number$/, 'number'],
  [/^must be a URL/, 'url'],
  [/^must be (a date|an instant)\b/, 'date'],
  [/^must be one of /, 'choice'],
  [/^must be in the future$/, 'future'],
  [/^must be before the year \d+$/, 'year'],
  [/^must be after startsAt$/, 'afterStart'],
  [/^must not be after startsAt$/, 'doorsAfterStart'],
  [/^must not be more than (?<limit>\d+) hours before startsAt$/, 'doorsTooEarly'],
  [/^must not be after endsAt$|^must be before endsAt$/, 'beforeEnd'],
  [/^must be before saleEndsAt$/, 'beforeSaleEnd'],
  [/^cannot be changed after publishing$/, 'published'],
  [/^the plan has no \w+ "(?<name>.*)"$/, 'notInPlan'],
  [/^"(?<name>.*)" has a price already in /, 'pricedTwice'],
  [/^must be less than fullUntilHours$/, 'lessThanFull'],
  [/^is one of the most common passwords$/, 'commonPassword'],
  [/^must not be the email address$/, 'passwordIsEmail'],
  [/^must not repeat one or two characters$/, 'passwordRepeats'],
  [/^is needed to change the email address$/, 'passwordNeeded'],
  [/currency of ISO 4217$|ISO 4217 code/, 'currency'],
  [/ISO 3166-1/, 'country'],
  [/IANA time zone/, 'zone'],
  [/^must start with https:/, 'https'],
  [/^must not contain a user name or password$|^must not have a fragment$/, 'plainUrl'],
  [/^must not point to a private address$/, 'privateUrl'],
  [/^must not be more than quantity$/, 'moreThanWanted'],
  [/^have no accessible seats$/, 'noAccessible'],
  [/^names something twice$/, 'twice'],
  [/^names nothing that exists$|^is not of venueId$/, 'gone'],
  [
    /^must be |^must have one of |^must change at least |^is not allowed$|^does not have the required form$|^is not a field /,
    'wrong',
  ],
];

type Values = Readonly<Record<'limit' | 'from' | 'to' | 'step' | 'name', string>>;

export interface FieldFault {
  readonly key: Key;
  readonly values: Values;
}

/** Text for a message of the API about a field; undefined for one that is not known. */
export function fieldFaultOf(message: string): FieldFault | undefined {
  for (const [said, key] of FAULTS) {
    const found = said.exec(message);
    if (!found) continue;
    const { longest, ...values } = found.groups ?? {};
    return { key, values: (longest ? { limit: longest } : values) as Values };
  }
  return undefined;
}
