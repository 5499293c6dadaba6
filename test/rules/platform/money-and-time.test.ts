import assert from 'node:assert/strict';
import { describe, test } from '@jest/globals';
import { toStripeAmount } from '../../../src/payments/providers/stripe-money.rules.js';
import { COUNTRIES } from '../../../src/platform/common/countries.js';
import {
  CURRENCIES,
  minorDigits,
  smallestStep,
  toDecimal,
  toMinorUnits,
} from '../../../src/platform/common/currencies.js';
import { formatMoney } from '../../../src/platform/common/locale.js';
import { currency, currencyCode, timeZone } from '../../../src/platform/common/schemas.js';
import { isTimeZone } from '../../../src/platform/common/time-zones.js';
import { nameOf } from '../../../src/platform/database/migrations/1700000025000-time-zones.js';

const unique = (list: readonly string[]) => assert.equal(new Set(list).size, list.length);

describe('money', () => {
  test('has the minor units of ISO 4217 where CLDR has fewer', () => {
    for (const code of 'HUF COP IDR PKR LBP AFN ALL IRR KPW LAK MGA MMK SOS SYP YER RSD UZS'.split(' '))
      assert.deepEqual([code, minorDigits(code), smallestStep(code)], [code, 2, '0.01']);
    for (const code of ['IQD', 'KWD'])
      assert.deepEqual([minorDigits(code), smallestStep(code)], [3, '0.001']);
    for (const code of ['JPY', 'ISK', 'UGX'])
      assert.deepEqual([minorDigits(code), smallestStep(code)], [0, '1']);
  });

  test('is the same in forms, in print and at Stripe', () => {
    assert.equal(toMinorUnits('5000', 'HUF'), 500_000);
    assert.equal(toDecimal(500_000, 'HUF'), '5000.00');
    assert.equal(formatMoney(5000, 'HUF', 'en').replace(/\s/g, ' '), 'HUF 50.00');
    assert.equal(formatMoney(5000, 'HUF', 'de').replace(/\s/g, ' '), '50,00 HUF');
    assert.equal(toStripeAmount(500_000, 'HUF'), 500_000);
    for (const code of CURRENCIES)
      for (const amount of [0, 1, 7, 99, 100, 123_456, 999_999_999_999]) {
        assert.equal(toMinorUnits(toDecimal(amount, code), code), amount);
        for (const locale of ['en', 'de'] as const)
          assert.equal(
            formatMoney(amount, code, locale).replace(/\D/g, ''),
            toDecimal(amount, code).replace('.', ''),
            `${amount} ${code}`,
          );
      }
  });

  test('knows the currencies and countries of today, each once', () => {
    unique(CURRENCIES);
    unique(COUNTRIES);
    assert.deepEqual([CURRENCIES.length, COUNTRIES.length], [155, 249]);
    for (const gone of 'ANG BGN CUC HRK SLL XTS XXX XAU XDR CLF CHE USN ZWL DEM'.split(' '))
      assert.equal(currency.safeParse(gone).success, false, gone);
    for (const come of ['EUR', 'XCG', 'ZWG', 'SLE', 'VED'])
      assert.equal(currency.safeParse(come).success, true, come);
    for (const none of 'AC AN CS DD EU SU UK XA XB XK YU ZZ'.split(' '))
      assert.equal(COUNTRIES.includes(none), false, none);
    const names = (type: 'currency' | 'region') => new Intl.DisplayNames('en', { type, fallback: 'none' });
    assert.deepEqual(
      CURRENCIES.filter((code) => names('currency').of(code) === undefined),
      [],
    );
    assert.deepEqual(
      COUNTRIES.filter((code) => names('region').of(code) === undefined),
      [],
    );
    unique(COUNTRIES.map((code) => names('region').of(code)!));
  });

  test('prints and takes back what was sold in a currency that has left the list', () => {
    assert.equal(currencyCode.safeParse('BGN').success, true);
    assert.equal(formatMoney(1234, 'BGN', 'en').replace(/\s/g, ' '), 'BGN 12.34');
  });
});

describe('time zones', () => {
  test('are no abbreviations, offsets, other spellings or names that only Intl knows', () => {
    for (const zone of [
      'NET',
      'ECT',
      'VST',
      'IST',
      'CET',
      'EST',
      '+05:30',
      '-08',
      'europe/berlin',
      'Factory',
      'posix/UTC',
      '',
    ])
      assert.equal(timeZone.safeParse(zone).success, false, zone);
    for (const zone of ['Europe/Berlin', 'UTC', 'Asia/Kolkata', 'Asia/Calcutta', 'Etc/GMT+5', 'US/Eastern'])
      assert.equal(timeZone.safeParse(zone).success, true, zone);
  });

  test('of an older release get the name of what they were read as', () => {
    const old = {
      NET: 'Asia/Yerevan',
      ECT: 'Europe/Paris',
      '+05:30': 'Asia/Kolkata',
      '-03:00': 'Etc/GMT+3',
      CET: 'Europe/Brussels',
    };
    for (const [zone, name] of Object.entries(old)) assert.equal(nameOf(zone), name);
    assert.equal(nameOf('europe/berlin'), 'Europe/Berlin');
    assert.equal(nameOf('+01:23'), 'UTC');
    for (const zone of Intl.supportedValuesOf('timeZone')) assert.ok(isTimeZone(nameOf(zone)), zone);
  });
});
