import type { FieldError } from './domain-error.js';

// Some of what Unicode calls letters and symbols is blank: fillers of Hangul, the empty Braille cell, a note without a
// head.
const VISIBLE =
  /[^\p{Z}\p{Cc}\p{Cf}\p{Cs}\p{M}\p{Default_Ignorable_Code_Point}\u2800\u{1d159}\u{13441}\u{13442}]/u;

/** Whether anything of a text can be seen. */
export const isVisible = (text: string): boolean => VISIBLE.test(text);

/** Maximum number of faults listed for one request. */
const MOST_LISTED = 100;

/**
 * Errors in the texts of a request, at any depth and in the names of members too: NUL and halves of surrogate pairs,
 * which PostgreSQL refuses or gives back as another character. Looks without paths first: a plan has a million members,
 * and nearly all requests are in order.
 *
 * @param path of the value in the request
 */
export function brokenTexts(value: unknown, path = ''): FieldError[] {
  return isBroken(value) ? [...faults(value, path)].slice(0, MOST_LISTED) : [];
}

function isBroken(value: unknown): boolean {
  if (typeof value === 'string') return faultOf(value) !== undefined;
  if (Array.isArray(value)) return value.some(isBroken);
  if (!isObject(value)) return false;
  for (const name of Object.keys(value)) if (isBroken(name) || isBroken(value[name])) return true;
  return false;
}

function* faults(value: unknown, path: string): Generator<FieldError> {
  const message = typeof value === 'string' && faultOf(value);
  if (message) yield { path, message };
  if (!isObject(value)) return;
  for (const [name, member] of Object.entries(value)) {
    const below = path === '' ? name : `${path}.${name}`;
    yield* faults(name, below);
    yield* faults(member, below);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Buffer.isBuffer(value);
}

function faultOf(text: string): string | undefined {
  if (text.includes('\0')) return 'must not contain control characters';
  return text.isWellFormed() ? undefined : 'must be well-formed Unicode';
}
