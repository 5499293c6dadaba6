import assert from 'node:assert/strict';
import { describe, test } from '@jest/globals';
import {
  type ActRequest,
  actionOf,
  decisionsOf,
  isAct,
  targetOf,
} from '../../../src/auth/access-log/act.rules.js';
import { assertAdminLeft, assertNobodyLeftAlone } from '../../../src/auth/accounts/roles.rules.js';
import { limitField, policyField, shareOf, WINDOW_SECONDS } from '../../../src/auth/limits/limits.rules.js';
import { PASSWORD_MAX, PASSWORD_MIN, passwordProblem } from '../../../src/auth/tokens/password.rules.js';
import { type Claims, isWrittenByUs, looksLikeToken } from '../../../src/auth/tokens/token.rules.js';
import type { DomainError } from '../../../src/platform/common/domain-error.js';

const ID = '019ab0c0-0000-7000-8000-0000000000e1';

describe('the access log', () => {
  const request = (change: Partial<ActRequest> = {}): ActRequest => ({
    method: 'PATCH',
    route: '/api/v1/admin/users/:id/roles/:role',
    params: { id: ID },
    body: null,
    ...change,
  });

  test('lists changes that need power: a role or permission, or an administrator', () => {
    assert.equal(isAct('POST', true, 'organizer'), true);
    assert.equal(isAct('DELETE', false, 'admin'), true);
    assert.equal(isAct('POST', false, 'organizer'), false);
    for (const method of ['GET', 'HEAD', 'OPTIONS'])
      assert.equal(isAct(method, true, 'admin'), false, method);
  });

  test('names the route and its object', () => {
    assert.equal(actionOf(request()), 'PATCH /admin/users/{id}/roles/{role}');
    assert.equal(actionOf(request({ route: '/other/api/v1/x' })), 'PATCH /other/api/v1/x');
    assert.equal(targetOf(request()), ID);
    assert.equal(targetOf(request({ params: { id: ID.toUpperCase() } })), ID.toUpperCase());
    for (const id of ['ada@example.org', `${ID}0`, `x${ID}`, ID.slice(1), '', ID.replaceAll('-', '')])
      assert.equal(targetOf(request({ params: { id } })), null, id);
    assert.equal(targetOf(request({ params: { userId: ID } })), null);
  });

  test('keeps what was decided, and no text of people', () => {
    const decided = {
      role: 'admin',
      how: 'refund',
      amount: 0,
      days: 7,
      handler: 'mail',
      stream: 'booking',
      streamId: ID,
      active: false,
    };
    assert.deepEqual(decisionsOf(request({ body: { ...decided, reason: 'private', name: 'Ada' } })), decided);
    assert.deepEqual(decisionsOf(request({ body: { role: null, how: ['x'], amount: { of: 1 } } })), {});
    for (const body of [null, undefined, 'role', 7]) assert.deepEqual(decisionsOf(request({ body })), {});
    assert.deepEqual(decisionsOf(request({ body: { role: `a\0\u0007b${'c'.repeat(200)}` } })), {
      role: `ab${'c'.repeat(96)}`,
    });
    assert.deepEqual(decisionsOf(request({ body: { how: 'a\ud800b' } })), { how: 'a\ufffdb' });
  });
});

describe('roles', () => {
  const code = (work: () => void) => {
    try {
      work();
      return undefined;
    } catch (error) {
      const { code, details } = error as DomainError;
      return [code, details.detail, details.extra];
    }
  };

  test('the last administrator stays one', () => {
    assert.equal(code(() => assertAdminLeft(['a'], 'a'))?.[0], 'last_admin');
    assert.equal(
      code(() => assertAdminLeft(['a'], 'b')),
      undefined,
    );
    assert.equal(
      code(() => assertAdminLeft(['a', 'b'], 'a')),
      undefined,
    );
    assert.equal(
      code(() => assertAdminLeft([], 'a')),
      undefined,
    );
  });

  test('nobody leaves buyers or members alone', () => {
    const left = (events: number, members: number) => code(() => assertNobodyLeftAlone({ events, members }));
    assert.equal(left(0, 0), undefined);
    const rest = 'on sale: cancel what is on sale, wait until it is over, or hand over the organisation.';
    assert.deepEqual(left(1, 3), ['events_on_sale', `One event is ${rest}`, { events: 1 }]);
    assert.deepEqual(left(2, 0), ['events_on_sale', `2 events are ${rest}`, { events: 2 }]);
    assert.equal(left(0, 1)?.[0], 'last_owner');
  });
});

describe('rate limits', () => {
  test('are for a minute, and say so', () => {
    assert.equal(WINDOW_SECONDS, 60);
    const standings = [
      { kind: 'default', quota: 600, left: 599, seconds: 12 },
      { kind: 'holds', quota: 60, left: 0, seconds: 3 },
    ] as const;
    assert.equal(policyField(standings), '"default";q=600;w=60, "holds";q=60;w=60');
    assert.equal(limitField(standings), '"default";r=599;t=12, "holds";r=0;t=3');
  });

  test('let a tenth of the quota pass without a question, at least one request', () => {
    assert.deepEqual([600, 61, 60, 10, 1].map(shareOf), [60, 7, 6, 1, 1]);
  });
});

describe('passwords', () => {
  const MAIL = 'ada.byron.1815@example.org';

  test('are long, and anything that guessers do not try first', () => {
    assert.deepEqual([PASSWORD_MIN, PASSWORD_MAX], [8, 128]);
    for (const good of ['correct horse battery', 'abcabcabc', '12345679'])
      assert.equal(passwordProblem(good, MAIL), undefined, good);
  });

  test('are refused with the reason', () => {
    const common = 'is one of the most common passwords';
    for (const bad of ['Password123', '12345678', '1234567890', 'evently123', '1111111111', 'QWERTZUIOP'])
      assert.equal(passwordProblem(bad, MAIL), common, bad);
    const address = 'must not be the email address';
    assert.equal(passwordProblem('ADA.byron.1815@example.org', MAIL), address);
    assert.equal(passwordProblem('ada.byron.1815', MAIL.toUpperCase()), address);
    assert.equal(passwordProblem('example.org', MAIL), undefined);
    const repeats = 'must not repeat one or two characters';
    for (const bad of ['aaaaaaaaaa', 'abababababab', 'aAbBaAbB'])
      assert.equal(passwordProblem(bad, MAIL), repeats, bad);
  });
});

describe('the form of access tokens', () => {
  const HEAD = 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9';
  const signature = `${'x'.repeat(42)}A`;
  const now = 1_800_000_000;
  const claims: Claims = {
    sub: ID,
    role: 'user',
    sid: ID,
    iss: 'evently',
    aud: 'evently-api',
    iat: now,
    exp: now + 900,
  };
  const body = (given: object) => Buffer.from(JSON.stringify(given)).toString('base64url');
  const ours = (given: Claims, at = now) => isWrittenByUs(`${HEAD}.${body(given)}.${signature}`, given, at);

  test('is one header, claims and a signature in its one spelling, and short', () => {
    assert.equal(looksLikeToken(`${HEAD}.a.${signature}`), true);
    const longest = 2_048 - HEAD.length - signature.length - 2;
    assert.equal(looksLikeToken(`${HEAD}.${'a'.repeat(longest)}.${signature}`), true);
    assert.equal(looksLikeToken(`${HEAD}.${'a'.repeat(longest + 1)}.${signature}`), false);
    for (const other of [
      `x${HEAD}.a.${signature}`,
      `${HEAD}.a.${signature}x`,
      `${HEAD}..${signature}`,
      `${HEAD}.a+.${signature}`,
      `${HEAD}.a.${signature.slice(1)}`,
      `${HEAD}.a.${'+'.repeat(42)}A`,
      `${HEAD}.a.${'x'.repeat(42)}B`,
      `${HEAD}.a`,
    ])
      assert.equal(looksLikeToken(other), false, other);
  });

  test('holds every claim as Evently writes it, and ends soon', () => {
    assert.equal(ours(claims), true, 'as the release before signed it, without a language');
    assert.equal(ours({ ...claims, locale: 'de' }), true);
    assert.equal(ours({ ...claims, exp: now + 960 }), true, 'a clock that is a minute ahead');
    assert.equal(ours({ ...claims, exp: now + 961 }), false);
    const wrong: Partial<Record<keyof Claims, unknown>>[] = [
      { sub: `${ID}0` },
      { sub: `x${ID}` },
      { sub: [ID] },
      { sub: ID.toUpperCase() },
      { sid: 'login' },
      { role: 'root' },
      { locale: 'fr' },
      { locale: ['de'] },
      { iss: 'other' },
      { aud: 'other' },
      { iat: 0.5 },
      { exp: now + 0.5 },
    ];
    for (const change of wrong)
      assert.equal(ours({ ...claims, ...change } as Claims), false, JSON.stringify(change));
    assert.equal(isWrittenByUs(`${HEAD}.${body({ ...claims, x: 1 })}.${signature}`, claims, now), false);
  });
});
