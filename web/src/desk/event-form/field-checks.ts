import type { TFunction } from '../../i18n/index.js';
import { faultsOf } from '../../ui/errors.js';

type Checked = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
export type Faults = Record<string, string>;

const isField = (element: Element): element is Checked =>
  'validity' in element && (element as Checked).name !== '';

export const fieldsIn = (form: HTMLFormElement): Checked[] => [...form.elements].filter(isField);

/** Faults that the fields know of themselves, in the words of the page and not of the browser. */
export function faultsIn(form: HTMLFormElement, t: TFunction): Faults {
  return Object.fromEntries(
    fieldsIn(form).flatMap((field) => {
      const fault = faultOf(field, t);
      return fault ? [[field.name, fault]] : [];
    }),
  );
}

function faultOf(field: Checked, t: TFunction): string | undefined {
  const { validity, type } = field;
  if (validity.valid) return undefined;
  const { min, max, step } = field as HTMLInputElement;
  // A date of which only a part is there is no value, either.
  if (validity.badInput) return t(type === 'datetime-local' ? 'faults.date' : 'faults.number');
  if (validity.valueMissing) return t('faults.missing');
  if (validity.typeMismatch) return t('faults.url');
  if (validity.rangeUnderflow) return t('faults.tooSmall', { limit: min });
  if (validity.rangeOverflow) return t('faults.tooBig', { limit: max });
  if (validity.stepMismatch) return t('faults.step', { step: step || 1 });
  return t('faults.wrong');
}

/** Faults that the server found, by the names of the fields of the form. */
export const serverFaults = (error: unknown): Faults =>
  Object.fromEntries(
    Object.entries(faultsOf(error)).map(([path, fault]) => [
      path === 'holdSeconds' ? 'holdMinutes' : path.replace(/^refundPolicy\./, ''),
      fault,
    ]),
  );
