import assert from 'node:assert/strict';
import { describe, test } from '@jest/globals';
import { toMailAddress } from '../../../src/platform/common/mail-address.rules.js';
import { isLoopback, isPrivate, networkOf } from '../../../src/platform/common/network.rules.js';
import { clientAddress, proxiesOf, trust } from '../../../src/platform/common/proxies.rules.js';

describe('proxies', () => {
  test('are a number, or addresses and networks', () => {
    assert.equal(proxiesOf('off'), 0);
    assert.equal(proxiesOf('on'), 1);
    assert.equal(proxiesOf('0'), 0);
    assert.equal(proxiesOf('12'), 12);
    assert.deepEqual(proxiesOf('10.0.0.0/8, ::1 ,fd00::/8'), ['10.0.0.0/8', '::1', 'fd00::/8']);
    for (const wrong of [
      'yes',
      '10.0.0.0/99',
      '1.2.3',
      '',
      '123',
      '1x',
      'x1',
      '10.0.0.1,',
      '10.0.0.1,no',
      '::1/129',
    ])
      assert.equal(proxiesOf(wrong), undefined, wrong);
    assert.equal(proxiesOf('proxy/8'), undefined);
  });

  test('tell whose address counts: addresses further left may be made up', () => {
    const client = (setting: string, remote: string, forwarded?: string) =>
      clientAddress(remote, forwarded, trust(proxiesOf(setting)!));
    assert.equal(client('off', '10.0.0.1', '192.0.2.1'), '10.0.0.1');
    assert.equal(client('on', '10.0.0.1'), '10.0.0.1');
    assert.equal(client('on', '10.0.0.1', ''), '10.0.0.1');
    assert.equal(client('on', '10.0.0.1', '6.6.6.6, 192.0.2.1'), '192.0.2.1', 'made up by the client');
    assert.equal(client('2', '10.0.0.1', '6.6.6.6, 192.0.2.1, 10.0.0.2'), '192.0.2.1');
    assert.equal(client('9', '10.0.0.1', '6.6.6.6,, 192.0.2.1'), '6.6.6.6', 'the last there is');
    assert.equal(client('10.0.0.0/8', '10.0.0.1', '6.6.6.6, 192.0.2.1, 10.0.0.2'), '192.0.2.1');
    assert.equal(client('10.0.0.0/8,::1', '::1', '192.0.2.1'), '192.0.2.1');
    assert.equal(client('10.0.0.0/8', '::ffff:10.0.0.1', '192.0.2.1'), '192.0.2.1');
    assert.equal(client('10.0.0.0/8', '192.0.2.9', '192.0.2.1'), '192.0.2.9', 'not our proxy');
  });

  test('of which one is named are that one only', () => {
    const trusts = trust(['192.0.2.1', '2001:db8::1', '2001:db8:1::/48']);
    for (const own of ['192.0.2.1', '::ffff:192.0.2.1', '2001:db8::1', '2001:db8:1:2::3'])
      assert.equal(trusts(own, 0), true, own);
    for (const other of [
      '192.0.2.0',
      '192.0.2.3',
      '2001:db8::3',
      '2001:db8::',
      '2001:db8:2::1',
      'unknown',
      '',
    ])
      assert.equal(trusts(other, 0), false, other);
    assert.equal(trust(['::/0'])('192.0.2.1', 0), false, 'the other kind of address');
    assert.deepEqual([trust(1)('x', 0), trust(1)('x', 1), trust(0)('x', 0)], [true, false, false]);
  });
});

describe('networks', () => {
  test('are what one party usually holds', () => {
    assert.equal(networkOf('192.0.2.7'), '192.0.2.7');
    assert.equal(networkOf('::ffff:192.0.2.7'), '192.0.2.7');
    assert.equal(networkOf('::FFFF:192.168.100.200'), '192.168.100.200');
    assert.equal(networkOf('64:ff9b::192.0.2.7'), '64:ff9b:0:0::/64');
    assert.equal(networkOf('fe80::1%br-lan.2'), 'fe80:0:0:0::/64');
    assert.equal(networkOf('::1'), '0:0:0:0::/64');
    assert.equal(networkOf('::'), '0:0:0:0::/64');
    assert.equal(networkOf('1::'), '1:0:0:0::/64');
    assert.equal(networkOf('2001:db8:0:1::7'), '2001:db8:0:1::/64');
    assert.equal(networkOf('2001:0db8:00a0:0001:0:0:0:1'), '2001:db8:a0:1::/64');
    assert.equal(networkOf('2001::a:b:c:d:e'), '2001:0:0:a::/64');
    assert.equal(networkOf('2001:DB8:0:1:aaaa:bbbb:cccc:dddd'), networkOf('2001:db8::1:0:0:0:9%eth0'));
    assert.equal(networkOf('unknown'), 'unknown');
    assert.equal(networkOf('x::ffff:192.0.2.7'), 'x::ffff:192.0.2.7');
    assert.equal(networkOf('::ffff:192.0.2.7x'), '::ffff:192.0.2.7x');
  });

  test('of the machine itself', () => {
    for (const own of [
      'localhost',
      'LocalHost',
      '::1',
      '[::1]',
      '127.0.0.1',
      '127.12.123.124',
      '::ffff:127.0.0.1',
    ])
      assert.equal(isLoopback(own), true, own);
    for (const other of [
      'localhost.example.org',
      'x127.0.0.1',
      '127.0.0.1.example.org',
      '128.0.0.1',
      '[::1',
      '::1]',
      '[]localhost',
      'localhost[]',
      '::2',
    ])
      assert.equal(isLoopback(other), false, other);
  });

  test('that do not exist on the public internet', () => {
    for (const own of [
      '10.1.2.3',
      '192.168.0.1',
      '127.0.0.1',
      '169.254.1.1',
      'fd00::1',
      'fe80::1',
      '100.64.0.1',
    ])
      assert.equal(isPrivate(own), true, own);
    for (const other of ['192.0.3.1', '2606:2800::1', '100.63.0.1'])
      assert.equal(isPrivate(other), false, other);
  });
});

describe('addresses of mail', () => {
  test('as they are stored', () => {
    const ours = {
      'info@xn--80a1acny.xn--p1ai': 'info@xn--80a1acny.xn--p1ai',
      ' a&b/c=d@example.org\t': 'a&b/c=d@example.org',
      "o'hara+tag.x!#$%*?^_`{|}~@Example.ORG": "o'hara+tag.x!#$%*?^_`{|}~@Example.ORG",
      'info@bücher.example': 'info@xn--bcher-kva.example',
      'info@почта.рф': 'info@xn--80a1acny.xn--p1ai',
      'info@例え.テスト': 'info@xn--r8jz45g.xn--zckzah',
      'info@ｅxample.org': 'info@example.org',
      'info@example。org': 'info@example.org',
      'info@faß.de': 'info@xn--fa-hia.de',
      'a@b.c4': 'a@b.c4',
      'a@b.c-d': 'a@b.c-d',
      'a@b-c.d-e.org': 'a@b-c.d-e.org',
      'a@1.org': 'a@1.org',
    };
    for (const [given, stored] of Object.entries(ours)) assert.equal(toMailAddress(given), stored, given);
  });

  test('as they are not', () => {
    const none = [
      'grüße@example.org',
      '',
      '@',
      'a',
      'a@',
      '@b.org',
      'a@b',
      'a b@c.org',
      'a@b c.org',
      'a@b..org',
      '.a@b.org',
      'a.@b.org',
      'a..b@c.org',
      'a@-b.org',
      'a@b.org.',
      'a@b.o-',
      'a@b.o',
      'a@[127.0.0.1]',
      'a@127.0.0.1',
      'a@0x7f.1',
      '"a b"@c.org',
      'a@b.org,c@d.org',
      'a@b@c.org@',
      'a@b@c.org',
      'a@бү%2ecом.рф',
      'a@б／c.рф',
      'a@б:1.рф',
      'a@/б.рф',
      'a@б.рф/',
      'a@b\u0000.org',
      'a\n@b.org',
      'Ada <a@b.org>',
      'a@b.1',
      'a@\ud800.org',
    ];
    for (const given of none) assert.equal(toMailAddress(given), null, given);
  });

  test('have at most 254 characters', () => {
    const long = (length: number) => `${'a'.repeat(length - '@b.org'.length)}@b.org`;
    assert.equal(toMailAddress(long(254)), long(254));
    assert.equal(toMailAddress(long(255)), null);
    assert.equal(toMailAddress(`a@${'ü'.repeat(400)}.org`), null);
  });
});
