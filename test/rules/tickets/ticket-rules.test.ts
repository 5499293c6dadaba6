import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { describe, test } from '@jest/globals';
import { keyId, rawPublicKey, readToken, signToken } from '../../../src/tickets/codes/ticket-token.rules.js';
import { TICKET_STATUSES, ticketStatus } from '../../../src/tickets/ticket.rules.js';

describe('a ticket', () => {
  const sold = { itemStatus: 'confirmed', checkedInAt: null, holderId: 'me' };

  test('is valid while its item is sold, for its holder, until it is used', () => {
    assert.deepEqual(TICKET_STATUSES, ['valid', 'used', 'transferred', 'cancelled']);
    assert.equal(ticketStatus(sold, 'me'), 'valid');
    assert.equal(ticketStatus({ ...sold, checkedInAt: new Date() }, 'me'), 'used');
    assert.equal(ticketStatus({ ...sold, checkedInAt: new Date() }, 'other'), 'transferred');
    for (const itemStatus of ['cancelling', 'cancelled', 'held'])
      assert.equal(ticketStatus({ ...sold, itemStatus }, 'other'), 'cancelled');
  });
});

describe('the token of a ticket', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const other = generateKeyPairSync('ed25519');
  const claims = {
    eventId: '019ab0c0-1111-7222-8333-0123456789ab',
    ticketId: '019ab0c0-4444-7555-8666-ba9876543210',
    generation: 258,
  };
  const token = signToken(claims, privateKey);

  test('has the layout that docs/TICKETS.md gives to verifiers of other makers', () => {
    const bytes = Buffer.from(token, 'base64url');
    assert.deepEqual([token.length, bytes.length], [138, 103]);
    const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url');
    assert.deepEqual(rawPublicKey(privateKey), raw);
    const id = createHash('sha256').update(raw).digest().subarray(0, 4);
    assert.deepEqual(keyId(privateKey), id);
    assert.deepEqual([keyId(privateKey).length, raw.length], [4, 32]);
    const ids = [claims.eventId, claims.ticketId].map((uuid) => uuid.replaceAll('-', ''));
    assert.equal(bytes.subarray(0, 39).toString('hex'), `01${id.toString('hex')}${ids.join('')}0102`);
  });

  test('is read with the key that signed it', () => {
    assert.deepEqual(readToken(token, [privateKey]), claims);
    assert.deepEqual(readToken(token, [other.privateKey, privateKey]), claims);
    const last = { ...claims, generation: 65_535 };
    assert.deepEqual(readToken(signToken(last, privateKey), [privateKey]), last);
  });

  test('is nothing else', () => {
    assert.equal(readToken(token, []), undefined);
    assert.equal(readToken(token, [other.privateKey]), undefined);
    const bytes = Buffer.from(token, 'base64url');
    for (let i = 0; i < bytes.length; i++) {
      const wrong = Buffer.from(bytes);
      wrong[i]! ^= 1;
      assert.equal(readToken(wrong.toString('base64url'), [privateKey]), undefined, `byte ${i}`);
    }
    for (const wrong of [
      '',
      `${token}=`,
      ` ${token}`,
      `${token}A`,
      `AAAA${token}`,
      token.slice(0, -4),
      token.replace(/.$/, (last) => String.fromCharCode(last.charCodeAt(0) + 1)),
    ])
      assert.equal(readToken(wrong, [privateKey]), undefined, wrong);
  });

  test('of another version is none, though signed here', () => {
    const head = Buffer.from(token, 'base64url').subarray(0, 39);
    head[0] = 2;
    const signed = Buffer.concat([head, sign(null, head, privateKey)]).toString('base64url');
    assert.equal(readToken(signed, [privateKey]), undefined);
  });
});
