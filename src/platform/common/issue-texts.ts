import type { z } from 'zod';

export const MISSING = 'is missing';

/** Message for a field whose schema has no message of its own; like all messages it is read after the field's name. */
export function issueText(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? MISSING : `must be ${KINDS[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return issue.values.length === 1
        ? `must be ${String(issue.values[0])}`
        : `must be one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return bound(issue.inclusive ? 'at least' : 'more than', issue.minimum, issue.origin);
    case 'too_big':
      return bound(issue.inclusive ? 'at most' : 'less than', issue.maximum, issue.origin);
    case 'invalid_format':
      return FORMATS[issue.format] ?? 'does not have the required form';
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_union':
      return 'must have one of the documented forms';
    default:
      return 'is not allowed';
  }
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
  date: 'a date',
};

const FORMATS: Readonly<Record<string, string>> = {
  uuid: 'must be a UUID',
  email: 'must be an email address such as name@example.org',
  url: 'must be a URL such as https://example.org/',
  datetime: 'must be an instant with its zone such as 2027-01-31T19:00:00Z',
  date: 'must be a date such as 2027-01-31',
  base64: 'must be base64',
  base64url: 'must be base64url',
};

function bound(word: string, limit: number | bigint, origin: string): string {
  const plural = limit !== 1;
  if (origin === 'string') return `must have ${word} ${limit} ${plural ? 'characters' : 'character'}`;
  if (origin === 'array' || origin === 'set')
    return `must have ${word} ${limit} ${plural ? 'entries' : 'entry'}`;
  return `must be ${word} ${limit}`;
}
