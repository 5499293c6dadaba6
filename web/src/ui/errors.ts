import { Problem } from '../api.js';
import { number } from '../format.js';
import type { en } from '../i18n/en.js';
import { hasText, t, useTranslation } from '../i18n/index.js';
import { fieldFaultOf } from './field-faults.js';

/** An error of this page, or of the browser, with a text of its own. */
export class Told extends Error {
  constructor(readonly text: `account.${'passkeyElsewhere' | 'passkeyHere' | 'passkeyNone'}`) {
    super(text);
  }
}

type Known = keyof typeof en.errors;
const isKnown = (code: string): code is Known => hasText(`errors.${code}`);

/** Text for people about an error. */
export function useErrorText(): (thrown: unknown) => string {
  const { t } = useTranslation();
  return (thrown) => {
    if (thrown instanceof Told) return t(thrown.text);
    if (!(thrown instanceof Problem)) return t('errors.network');
    const { cancellationReason: reason } = thrown.body;
    if (typeof reason === 'string') return t('event.cancelledReason', { reason });
    // Texts about a capacity have its numbers.
    const { places, capacity } = thrown.body;
    return isKnown(thrown.code)
      ? t(`errors.${thrown.code}`, formatted({ places, capacity }))
      : thrown.message;
  };
}

/** Errors of the fields of a form, by the path of the field. */
export function faultsOf(thrown: unknown): Record<string, string> {
  if (!(thrown instanceof Problem)) return {};
  return Object.fromEntries(thrown.errors.map(({ path, message }) => [path, told(message)]));
}

/** A message of the API about a field, in the words and language of this page. One that is not known is shown as it is. */
export function told(message: string): string {
  const known = fieldFaultOf(message);
  return known ? t(`faults.${known.key}`, formatted(known.values)) : message;
}

/** Values of a text, with their numbers as people write them. */
const formatted = <Name extends string>(values: Readonly<Record<Name, unknown>>): Record<Name, string> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      /^-?\d+(\.\d+)?$/.test(String(value)) ? number(Number(value)) : String(value),
    ]),
  ) as Record<Name, string>;
