import { useTranslation } from 'react-i18next';
import { Problem } from '../api.js';
import { en } from '../i18n/en.js';

type Known = keyof typeof en.errors;
const isKnown = (code: string): code is Known => code in en.errors;

/** What to tell people about whatever was thrown. */
export function useErrorText(): (thrown: unknown) => string {
  const { t } = useTranslation();
  return (thrown) => {
    if (!(thrown instanceof Problem)) return t('errors.network');
    return isKnown(thrown.code) ? t(`errors.${thrown.code}`) : thrown.message;
  };
}

/** What is wrong with which field of a form, by the path of the field. */
export function faultsOf(thrown: unknown): Record<string, string> {
  if (!(thrown instanceof Problem)) return {};
  return Object.fromEntries(thrown.errors.map(({ path, message }) => [path, message]));
}
