import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, sign as signWith } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from '@jest/globals';
import type { RevocationsService } from '../../../src/auth/tokens/revocations.service.js';
import { TokenService } from '../../../src/auth/tokens/token.service.js';
import { isPublicAddress, urlProblem } from '../../../src/platform/common/address.rules.js';
import { DomainError } from '../../../src/platform/common/domain-error.js';
import { newId } from '../../../src/platform/common/ids.js';
import { ConfigError, loadConfig } from '../../../src/platform/config/config.js';
import { isDeeper } from '../../../src/platform/http/request-limits.js';

const SECRET = 'a secret of this test, long enough for HS256';

describe('access tokens after RFC 8725', () => {
  const noKeys = { authenticate: () => assert.fail('is no key'), isGood: () => true };
  const none = { has: () => false } as unknown as RevocationsService;
  const tokens = new TokenService({ auth: { jwtSecret: SECRET } }, none, noKeys);
  const raw = (json: string) => Buffer.from(json).toString('base64url');
  const text = (value: unknown) => raw(JSON.stringify(value));
  const sign = (head: string, body: string, hash = 'sha256') =>
    `${head}.${body}.${createHmac(hash, SECRET).update(`${head}.${body}`).digest('base64url')}`;
  const HEADER = { alg: 'HS256', typ: 'JWT' };
  const now = Math.floor(Date.now() / 1000);
  const CLAIMS = {
    sub: newId(),
    role: 'user',
    sid: newId(),
    iss: 'evently',
    aud: 'evently-api',
    iat: now,
    exp: now + 900,
  };
  const refused = (token: string): string | undefined => {
    try {
      tokens.authenticate(token);
      return undefined;
    } catch (error) {
      return error instanceof DomainError ? error.code : `threw ${error}`;
    }
  };

  test('accept what is signed here, and nothing that only looks like it', () => {
    const head = text(HEADER);
    const body = text(CLAIMS);
    assert.equal(refused(sign(head, body)), undefined, 'the forge itself works');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const rs256 = `${text({ alg: 'RS256', typ: 'JWT' })}.${body}`;
    const genuine = sign(head, body);
    const cases: Record<string, string> = {
      'alg none': `${text({ alg: 'none', typ: 'JWT' })}.${body}.`,
      'alg NONE, signed': sign(text({ alg: 'NONE', typ: 'JWT' }), body),
      HS384: sign(text({ alg: 'HS384', typ: 'JWT' }), body, 'sha384'),
      RS256: `${rs256}.${signWith('sha256', Buffer.from(rs256), privateKey).toString('base64url')}`,
      'RS256 in the header, HMAC below': sign(text({ alg: 'RS256', typ: 'JWT' }), body),
      'another type': sign(text({ alg: 'HS256', typ: 'at+jwt' }), body),
      'no algorithm': sign(text({ typ: 'JWT' }), body),
      'expiry that is no number': sign(head, text({ ...CLAIMS, exp: 'NaN' })),
      'expiry null': sign(head, text({ ...CLAIMS, exp: null })),
      'not before tomorrow': sign(head, text({ ...CLAIMS, nbf: now + 86_400 })),
      'claims that are a list': sign(head, text([CLAIMS])),
      'a token within a token': sign(
        text({ ...HEADER, cty: 'JWT' }),
        Buffer.from(JSON.stringify(genuine)).toString('base64url'),
      ),
      'not JSON': sign(head, Buffer.from('{').toString('base64url')),
      'four parts': `${genuine}.${body}`,
      'padding in the header': `${head}=.${genuine.slice(head.length + 1)}`,
      'padding in the claims': sign(head, `${body}=`),
      'padding after the signature': `${genuine}=`,
      'plain base64': `${head}.${body.slice(0, -1)}+.${genuine.split('.')[2]}`,
      'white space': sign(head, `${body}\n`),
      oversized: sign(head, text({ ...CLAIMS, filler: 'x'.repeat(100_000) })),
    };
    for (const [what, token] of Object.entries(cases)) assert.equal(refused(token), 'token_invalid', what);
    assert.equal(refused(sign(head, text({ ...CLAIMS, iat: now - 99, exp: now - 1 }))), 'token_expired');
  });

  test('are written as we write them, and end soon', () => {
    const head = text(HEADER);
    const written = JSON.stringify(CLAIMS);
    const with_ = (member: string) => raw(`${written.slice(0, -1)},${member}}`);
    const expiring = (exp: string) => sign(head, raw(written.replace(`"exp":${CLAIMS.exp}`, `"exp":${exp}`)));
    assert.equal(refused(expiring(String(now + 930))), undefined, 'a clock that is half a minute ahead');
    const body = text(CLAIMS);
    const cases: Record<string, string> = {
      'an algorithm named twice': sign(raw('{"alg":"HS256","typ":"JWT","alg":"HS256"}'), body),
      'none first, then ours': sign(raw('{"alg":"none","alg":"HS256","typ":"JWT"}'), body),
      'a type named twice': sign(raw('{"alg":"HS256","typ":"at+jwt","typ":"JWT"}'), body),
      'no type': sign(text({ alg: 'HS256' }), body),
      'the type in another spelling': sign(text({ alg: 'HS256', typ: 'application/jwt' }), body),
      'the type in lower case': sign(text({ alg: 'HS256', typ: 'jwt' }), body),
      'a type that is no text': sign(text({ alg: 'HS256', typ: ['JWT'] }), body),
      'a critical extension': sign(text({ ...HEADER, crit: ['exp'] }), body),
      'an empty list of extensions': sign(text({ ...HEADER, crit: [] }), body),
      'payload not encoded': sign(text({ ...HEADER, b64: false, crit: ['b64'] }), body),
      'two roles, the last an admin': sign(head, with_('"role":"admin"')),
      'two roles, the last as before': sign(head, with_('"role":"user"')),
      'two expiries': sign(head, with_(`"exp":${CLAIMS.exp}`)),
      'a name with an escape': sign(head, with_('"r\\u006fle":"admin"')),
      'white space within': sign(head, raw(JSON.stringify(CLAIMS, undefined, 1))),
      'bytes that are no UTF-8': sign(
        head,
        Buffer.from(`${written.slice(0, -1)},"x":"\xff"}`, 'latin1').toString('base64url'),
      ),
      'expiry as a string': expiring(`"${CLAIMS.exp}"`),
      'expiry with a fraction': expiring(`${CLAIMS.exp}.5`),
      'expiry with an exponent': expiring('1.9e9'),
      'expiry in an hour': expiring(String(now + 3_600)),
      'expiry in the year 9999': expiring('253402300799'),
      'expiry beyond any date': expiring('9007199254740991'),
      'expiry without an end': expiring('1e400'),
      'expiry before any date': expiring('-1e300'),
      'expiry that is an object': expiring('{}'),
      'expiry in a list': expiring(`[${CLAIMS.exp}]`),
    };
    for (const [what, token] of Object.entries(cases)) assert.equal(refused(token), 'token_invalid', what);
  });

  test('are refused, though signed here, where a claim is missing or odd', () => {
    const head = text(HEADER);
    const wrong: string[] = [];
    const uuid = /^[\da-f-]{36}$/;
    for (const name of Object.keys(CLAIMS) as (keyof typeof CLAIMS)[]) {
      const { [name]: given, ...rest } = CLAIMS;
      const odd = [undefined, null, '', 'x', 'a\0b', '\ud800', 0.5, [given], { is: given }, true];
      if (typeof given === 'string' && uuid.test(given))
        odd.push(given.toUpperCase(), `{${given}}`, `${given}\n`);
      for (const value of odd) {
        const claims = value === undefined ? rest : { ...CLAIMS, [name]: value };
        const codes = name === 'exp' ? ['token_invalid', 'token_expired'] : ['token_invalid'];
        if (!codes.includes(refused(sign(head, text(claims)))!))
          wrong.push(`${name}: ${JSON.stringify(value)}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  test('take no key from the token', () => {
    const body = text(CLAIMS);
    const other = 'a key that the attacker chose himself';
    for (const header of [
      { ...HEADER, kid: '../../dev/null' },
      { ...HEADER, jku: 'https://evil.example/keys' },
      { ...HEADER, jwk: { kty: 'oct', k: Buffer.from(other).toString('base64url') } },
      { ...HEADER, x5u: 'https://evil.example/cert' },
    ]) {
      const head = text(header);
      const forged = `${head}.${body}.${createHmac('sha256', other).update(`${head}.${body}`).digest('base64url')}`;
      assert.equal(refused(forged), 'token_invalid', JSON.stringify(header));
    }
  });
});

describe('tokens of buyer sessions', () => {
  const ENDED_KEY = newId();
  const none = { has: () => false } as unknown as RevocationsService;
  const keys = { authenticate: () => assert.fail('is no key'), isGood: (id: string) => id !== ENDED_KEY };
  const tokens = new TokenService({ auth: { jwtSecret: SECRET } }, none, keys);
  const HEADER = { alg: 'HS256', typ: 'buyer+jwt' };
  const now = Math.floor(Date.now() / 1000);
  const CLAIMS = {
    sub: newId(),
    sid: newId(),
    locale: 'en',
    event: newId(),
    origin: 'https://shop.example.org',
    key: newId(),
    iss: 'evently',
    aud: 'evently-buyer',
    iat: now,
    exp: now + 7_200,
  };
  const text = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const sign = (header: object, claims: object, secret = SECRET) => {
    const signed = `${text(header)}.${text(claims)}`;
    return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
  };
  const refused = (token: string): string | undefined => {
    try {
      tokens.authenticate(token);
      return undefined;
    } catch (error) {
      return error instanceof DomainError ? error.code : `threw ${error}`;
    }
  };

  test('name one sale, and are never taken for those of accounts, nor these for them', () => {
    const genuine = sign(HEADER, CLAIMS);
    assert.deepEqual(tokens.authenticate(genuine), {
      id: CLAIMS.sub,
      role: 'user',
      sessionId: CLAIMS.sid,
      locale: 'en',
      sale: { eventId: CLAIMS.event, origin: CLAIMS.origin },
    });
    const account = {
      sub: newId(),
      role: 'admin',
      sid: newId(),
      iss: 'evently',
      aud: 'evently-api',
      iat: now,
      exp: now + 900,
    };
    const cases: Record<string, string> = {
      'another type': sign({ ...HEADER, typ: 'JWT' }, CLAIMS),
      'claims of an account': sign(HEADER, account),
      'the audience of accounts': sign(HEADER, { ...CLAIMS, aud: 'evently-api' }),
      'a role on top': sign(HEADER, { ...CLAIMS, role: 'admin' }).replace(/.$/, '!'),
      'another secret': sign(HEADER, CLAIMS, 'a key that the attacker chose himself'),
      'no algorithm': `${text({ ...HEADER, alg: 'none' })}.${text(CLAIMS)}.`,
      'a longer header': sign({ ...HEADER, kid: 'x' }, CLAIMS),
      'three hours': sign(HEADER, { ...CLAIMS, exp: now + 10_800 }),
      'no origin of pages': sign(HEADER, { ...CLAIMS, origin: 'null' }),
      'an address for an origin': sign(HEADER, { ...CLAIMS, origin: 'https://shop.example.org/' }),
      'no event': sign(HEADER, { ...CLAIMS, event: undefined }),
      'an event that is no id': sign(HEADER, { ...CLAIMS, event: '*' }),
      'no key': sign(HEADER, { ...CLAIMS, key: undefined }),
    };
    for (const [what, token] of Object.entries(cases)) assert.equal(refused(token), 'token_invalid', what);
    assert.equal(refused(sign(HEADER, { ...CLAIMS, key: ENDED_KEY })), 'token_revoked');
    const over = sign(HEADER, { ...CLAIMS, iat: now - 600, exp: now - 1 });
    assert.equal(refused(over), 'token_expired');
    assert.deepEqual(
      [genuine, over, cases['another secret']!, cases['the audience of accounts']!].map((one) =>
        tokens.originOf(one),
      ),
      [CLAIMS.origin, CLAIMS.origin, undefined, undefined],
    );
  });
});

describe('addresses that webhooks may not reach', () => {
  test('in every spelling', () => {
    for (const host of [
      '0177.0.0.1',
      '0x7f000001',
      '127.1',
      '2130706433',
      '017700000001',
      '0',
      '127.0.0.1.',
      '10.0.0.5',
      '169.254.169.254',
      '[::]',
      '[::1]',
      '[::ffff:169.254.169.254]',
      '[::ffff:7f00:1]',
      '[fd00:ec2::254]',
      '[fe80::1]',
      '[fc00::1]',
      '[2002:7f00:1::]',
      '[2001:0:53aa:64c:0:0:80ff:fffe]',
      '[64:ff9b::a00:1]',
      'LOCALHOST',
    ])
      assert.notEqual(urlProblem(`https://${host}/hook`, false), undefined, host);
    for (const url of [
      'https://user:pass@example.org/',
      'https://example.org/#x',
      'ftp://example.org/',
      'file:///etc/passwd',
      'gopher://x',
      '//x',
      '',
    ])
      assert.notEqual(urlProblem(url, false), undefined, url);
    for (const address of [
      '2002:a00:1::',
      '2001::1',
      '192.0.2.1',
      '198.18.0.1',
      '240.0.0.1',
      'ff02::1',
      '100::1',
      '192.88.99.1',
    ])
      assert.equal(isPublicAddress(address), false, address);
  });
});

describe('the rest', () => {
  test('depth is counted without a deep stack', () => {
    const deep = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`);
    assert.equal(isDeeper(deep, 32), true);
    assert.equal(isDeeper([[{ a: [1] }]], 4), false);
    assert.equal(isDeeper([[{ a: [1] }]], 3), true);
    assert.equal(isDeeper('x', 0), false);
  });

  test('production takes no default secrets', () => {
    const production = { NODE_ENV: 'production', DATABASE_URL: 'postgres://a@b/c' };
    assert.throws(
      () => loadConfig(production),
      (error) =>
        error instanceof ConfigError &&
        /EVENTLY_JWT_SECRET/.test(error.message) &&
        /EVENTLY_TICKET_KEY/.test(error.message),
    );
  });

  test('production refuses what docs/SETTINGS.md says that it refuses, and takes the rest', () => {
    const production = {
      NODE_ENV: 'production',
      DATABASE_URL: 'postgres://a:secret@b/c',
      EVENTLY_JWT_SECRET: 'x'.repeat(32),
      EVENTLY_TICKET_KEY: 'A'.repeat(43),
    };
    const { demo, env } = loadConfig(production);
    assert.deepEqual([env, demo], ['production', false]);
    assert.equal(loadConfig({ ...production, EVENTLY_DEMO: 'off' }).demo, false);
    const refused: [string, Record<string, string | undefined>][] = [
      ['EVENTLY_DEMO', { EVENTLY_DEMO: 'on' }],
      ['EVENTLY_JWT_SECRET', { EVENTLY_JWT_SECRET: undefined }],
      ['EVENTLY_TICKET_KEY', { EVENTLY_TICKET_KEY: undefined }],
      ['DATABASE_URL', { DATABASE_URL: undefined }],
      ['DATABASE_URL', { DATABASE_URL: 'postgres://a:sriman@b/c' }],
      ['AMQP_URL', { AMQP_URL: 'amqp://a:sriman@b' }],
      ['EVENTLY_RATE_LIMITS', { EVENTLY_RATE_LIMITS: 'off' }],
      ['EVENTLY_WEBHOOK_PRIVATE', { EVENTLY_WEBHOOK_PRIVATE: 'on' }],
      ['EVENTLY_SANDBOX_FAULTS', { EVENTLY_SANDBOX_FAULTS: 'fail=0.1' }],
      ['STRIPE_API_BASE', { STRIPE_API_BASE: 'http://127.0.0.1' }],
      ['EVENTLY_METRICS_TOKEN', { EVENTLY_METRICS: 'token' }],
    ];
    for (const [name, change] of refused)
      assert.throws(
        () => loadConfig({ ...production, ...change }),
        (error) =>
          error instanceof ConfigError &&
          error.message.split('\n').every((line) => line.startsWith(`${name} `)),
        name,
      );
  });

  test('docs/SECURITY.md names tests that exist, and every risk of the OWASP API Top 10', () => {
    const page = readFileSync('docs/SECURITY.md', 'utf8');
    // Two folders may have a file of the same name.
    const sources = new Map<string, string>();
    for (const name of readdirSync('test', { recursive: true, encoding: 'utf8' }))
      if (name.endsWith('.test.ts'))
        sources.set(
          basename(name),
          (sources.get(basename(name)) ?? '') + readFileSync(join('test', name), 'utf8'),
        );
    const named = [...page.matchAll(/`([\w-]+\.test\.ts)`: ([^;|\n]+)/g)];
    assert.ok(named.length > 25, `${named.length} tests are named`);
    for (const [, file, name] of named) {
      const plain = name!.trim();
      assert.ok(sources.get(file!)?.replaceAll("\\'", "'").includes(plain), `${file} has no test "${plain}"`);
    }
    for (let risk = 1; risk <= 10; risk++) assert.match(page, new RegExp(`\\| API${risk}:2023 `));
  });
});
