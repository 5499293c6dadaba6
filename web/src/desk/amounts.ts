/** How many decimals a currency has: 2 for EUR, 0 for JPY. */
export const decimalsOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** The smallest step of a price, as an input takes it: `0.01`. */
export const stepOf = (currency: string): string => (10 ** -decimalsOf(currency)).toString();

/** Minor units as an input for numbers takes them: `20.00`. */
export const toInput = (minorUnits: number, currency: string): string => {
  const decimals = decimalsOf(currency);
  return (minorUnits / 10 ** decimals).toFixed(decimals);
};

export const toMinor = (input: string, currency: string): number =>
  Math.round(Number(input) * 10 ** decimalsOf(currency));
