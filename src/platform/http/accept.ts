import Negotiator from 'negotiator';
import { LOCALES, type Locale } from '../common/locale.js';

export type Encoding = 'br' | 'gzip' | 'identity';

/** Below this a compressed body saves nothing but the time to unpack it. */
const WORTH_COMPRESSING = 1024;

const asked = (header: string, value: string | undefined) => new Negotiator({ headers: { [header]: value } });

/** The first known language of an `Accept-Language` header; English when there is none. */
export function localeOf(acceptLanguage: string | undefined): Locale {
  const languages = asked('accept-language', acceptLanguage)
    .languages()
    .map((tag) => tag.split('-')[0]!.toLowerCase());
  return languages.map((language) => LOCALES.find((known) => known === language)).find(Boolean) ?? 'en';
}

/** The best encoding that an `Accept-Encoding` header allows for a body of this size. */
export function encodingFor(acceptEncoding: string | undefined, size: number): Encoding {
  if (!acceptEncoding || size < WORTH_COMPRESSING) return 'identity';
  const accepted = asked('accept-encoding', acceptEncoding).encodings(['br', 'gzip']);
  return accepted.includes('br') ? 'br' : accepted.includes('gzip') ? 'gzip' : 'identity';
}

const BYTES = 'application/octet-stream';

/** Whether an `Accept` header prefers bytes to JSON. Most do not name them, and are not worth the 1.3 µs of a look. */
export const prefersBytes = (accept: string | undefined): boolean =>
  accept?.includes(BYTES) === true &&
  asked('accept', accept).mediaType(['application/json', BYTES]) === BYTES;
