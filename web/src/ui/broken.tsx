import { useTranslation } from 'react-i18next';
import { useRouteError } from 'react-router';
import { DeadEnd, Failure } from './states.js';
import { useTitle } from './use-title.js';

/** An address that leads nowhere. */
export function Missing() {
  const { t } = useTranslation();
  useTitle(t('app.notFound'));
  return (
    <div className="page narrow">
      <DeadEnd title={t('app.notFound')} text={t('app.notFoundText')} />
    </div>
  );
}

/** A page for people of another role. */
export function NotForYou() {
  const { t } = useTranslation();
  useTitle(t('app.notForYou'));
  return (
    <div className="page narrow">
      <DeadEnd title={t('app.notForYou')} text={t('app.notForYouText')} />
    </div>
  );
}

/** A page that failed: its code could not be fetched, or has a fault. */
export function Broken() {
  const error = useRouteError();
  return (
    <main className="page narrow">
      <Failure error={error} retry={() => location.reload()} />
    </main>
  );
}
