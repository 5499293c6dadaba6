import { Problem } from '../api.js';
import type { en } from '../i18n/en.js';
import { hasText, t, useTranslation } from '../i18n/index.js';

type Known = keyof typeof en.errors;
const isKnown = (code: string): code is Known => hasText(`errors.${code}`);

/** Text for people about an error. */
export function useErrorText(): (thrown: unknown) => string {
  const { t } = useTranslation();
  return (thrown) => {
    if (!(thrown instanceof Problem)) return t('errors.network');
    const { cancellationReason: reason } = thrown.body;
    if (typeof reason === 'string') return t('event.cancelledReason', { reason });
    return isKnown(thrown.code) ? t(`errors.${thrown.code}`) : thrown.message;
  };
}

/** The rules for texts, which people meet in any form, by what the API says. The rest is shown as it says it. */
const FAULTS: Readonly<Record<string, keyof typeof en.faults>> = {
  'must have a visible character': 'invisible',
  'must have at least 1 character': 'invisible',
  'must be well-formed Unicode': 'broken',
  'must not contain control characters': 'control',
  'must be one line': 'oneLine',
  'must not begin or end with white space': 'outerSpace',
  'must not contain white space': 'space',
  'must be an email address such as name@example.org': 'email',
};

/** Errors of the fields of a form, by the path of the field. */
export function faultsOf(thrown: unknown): Record<string, string> {
  if (!(thrown instanceof Problem)) return {};
  return Object.fromEntries(thrown.errors.map(({ path, message }) => [path, told(message)]));
}

function told(message: string): string {
  const known = FAULTS[message];
  return known ? t(`faults.${known}`) : message;
}
