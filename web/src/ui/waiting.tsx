import { useLocation } from 'react-router';
import { useTranslation } from '../i18n/index.js';

/** The choice that goes on after the login. It travels with the step of the history, so that nothing of it stands in the address. */
export interface Waiting {
  readonly places: string;
  readonly total: string;
}

/** Tells somebody who is asked to log in what is waiting. */
export function WaitingFor() {
  const { t } = useTranslation();
  const { state } = useLocation() as { state: Partial<Waiting> | null };
  if (!state?.places) return null;
  return (
    <p className="notice">
      {t('account.waiting')} <strong>{state.places}</strong> ({state.total})
    </p>
  );
}
