/** Cards of the sandbox that buyers may want to try; the reference of the API lists all. */
export const TEST_CARDS = [
  ['4242 4242 4242 4242', 'ok'],
  ['4000 0000 0000 0002', 'declined'],
  ['4000 0000 0000 9995', 'funds'],
  ['4000 0025 0000 3155', 'second'],
  ['4000 0000 0000 0416', 'late'],
  ['4000 0000 0000 0408', 'silent'],
] as const;

/** In groups of four, as it is printed on the card. */
export const grouped = (digits: string): string =>
  digits
    .replaceAll(/\D/g, '')
    .slice(0, 19)
    .replaceAll(/(\d{4})(?=\d)/g, '$1 ');

/** The check digit: catches a mistyped one before anybody is asked. */
export function isCardNumber(text: string): boolean {
  const digits = text.replaceAll(/\D/g, '');
  if (digits.length < 12) return false;
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    sum += i % 2 === 0 ? digit : digit > 4 ? 2 * digit - 9 : 2 * digit;
  }
  return sum % 10 === 0;
}

export const isExpiry = (text: string): boolean => /^(0[1-9]|1[0-2])\/\d{2}$/.test(text);
/** Cards are good until the end of their month. */
export function isOver(expiry: string, now = new Date()): boolean {
  const [month, year] = expiry.split('/').map(Number) as [number, number];
  return 2000 + year < now.getFullYear() || (2000 + year === now.getFullYear() && month <= now.getMonth());
}
export const isCvc = (text: string): boolean => /^\d{3,4}$/.test(text);
