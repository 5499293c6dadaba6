/**
 * Currencies accepted for prices: those of ISO 4217 (list of 2026-01-01, with the amendments until then: BGN, CUC, HRK,
 * SLL and ZWL are gone, XCG, SLE and ZWG have come). Funds, metals and test codes are left out: nobody pays with them.
 *
 * Minor units are those of the standard. `Intl` has those of CLDR, which drops minor units without coins (HUF, COP, IDR
 * …): with CLDR's, 50.00 forint would be read as 5,000.
 */
const WITH_TWO_DIGITS =
  'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ' +
  'ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL ' +
  'MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD ' +
  'SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG';
const WITHOUT_DIGITS = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF';
const WITH_THREE_DIGITS = 'BHD IQD JOD KWD LYD OMR TND';

const digits = (codes: string, count: number) => codes.split(' ').map((code) => [code, count] as const);

const MINOR_UNITS: ReadonlyMap<string, number> = new Map(
  [...digits(WITH_TWO_DIGITS, 2), ...digits(WITHOUT_DIGITS, 0), ...digits(WITH_THREE_DIGITS, 3)].sort(),
);

/** Codes in alphabetical order. */
export const CURRENCIES: readonly string[] = [...MINOR_UNITS.keys()];

export const isCurrency = (code: string): boolean => MINOR_UNITS.has(code);

/**
 * Number of decimals of a currency: 2 for EUR, 0 for JPY. Works also for codes that have left the list, since events
 * sold in them go on: all codes that could once be chosen and have left (BGN, ANG …) had two.
 */
export const minorDigits = (currency: string): number => MINOR_UNITS.get(currency) ?? 2;

/** The one formatter for money. Callers keep it: making one costs a hundred times as much as using it. */
export const moneyFormat = (region: string, currency: string): Intl.NumberFormat => {
  const decimals = minorDigits(currency);
  return new Intl.NumberFormat(region, {
    style: 'currency',
    currency,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
};

/** The smallest step of a price, as an input takes it: `0.01`. */
export const smallestStep = (currency: string): string =>
  (10 ** -minorDigits(currency)).toFixed(minorDigits(currency));

/** Minor units as a plain number with all its decimals: `20.00`. */
export const toDecimal = (minorUnits: number, currency: string): string => {
  const decimals = minorDigits(currency);
  return (minorUnits / 10 ** decimals).toFixed(decimals);
};

export const toMinorUnits = (decimal: string, currency: string): number =>
  Math.round(Number(decimal) * 10 ** minorDigits(currency));
