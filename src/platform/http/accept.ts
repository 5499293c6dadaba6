import { LRUCache } from 'lru-cache';
import Negotiator from 'negotiator';
import { LOCALES, type Locale } from '../common/locale.js';

export type Encoding = 'br' | 'gzip' | 'identity';

/** Below this a compressed body saves nothing but the time to unpack it. */
const WORTH_COMPRESSING = 1024;

/** Longer headers are read anew each time. */
const LONGEST_REMEMBERED = 300;

const asked = (header: string, value: string | undefined) => new Negotiator({ headers: { [header]: value } });

/** Clients send few different headers: each is read once, which costs as much as sending a short answer. */
function remember<T extends string | boolean>(read: (header: string) => T): (header: string) => T {
  const known = new LRUCache<string, T>({ max: 500, memoMethod: read });
  return (header) => (header.length > LONGEST_REMEMBERED ? read(header) : known.memo(header));
}

const localeIn = remember((acceptLanguage): Locale => {
  const languages = asked('accept-language', acceptLanguage)
    .languages()
    .map((tag) => tag.split('-')[0]!.toLowerCase());
  return languages.map((language) => LOCALES.find((known) => known === language)).find(Boolean) ?? 'en';
});

/** The first known language of an `Accept-Language` header; English when there is none. */
export const localeOf = (acceptLanguage: string | undefined): Locale =>
  acceptLanguage === undefined ? 'en' : localeIn(acceptLanguage);

const encodingIn = remember((acceptEncoding): Encoding => {
  const accepted = asked('accept-encoding', acceptEncoding).encodings(['br', 'gzip']);
  return accepted.includes('br') ? 'br' : accepted.includes('gzip') ? 'gzip' : 'identity';
});

/** The best encoding that an `Accept-Encoding` header allows for a body of this size. */
export const encodingFor = (acceptEncoding: string | undefined, size: number): Encoding =>
  !acceptEncoding || size < WORTH_COMPRESSING ? 'identity' : encodingIn(acceptEncoding);

const BYTES = 'application/octet-stream';

const bytesIn = remember(
  (accept) => asked('accept', accept).mediaType(['application/json', BYTES]) === BYTES,
);

/** Whether an `Accept` header prefers bytes to JSON. */
export const prefersBytes = (accept: string | undefined): boolean => accept !== undefined && bytesIn(accept);
