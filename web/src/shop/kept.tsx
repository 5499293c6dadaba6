import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Schemas } from '../api.js';
import { Countdown } from '../booking/countdown.js';
import { useForget } from '../ui/use-forget.js';

/** Places of this event that wait to be paid. */
export function Kept({ booking: { id, items, expiresAt } }: { booking: Schemas['Booking'] }) {
  const { t } = useTranslation();
  const forget = useForget();
  return (
    <section className="card stack tight kept" aria-label={t('basket.title')}>
      <strong>{t('basket.kept', { count: items.length })}</strong>
      {expiresAt && <Countdown until={expiresAt} over={() => forget('bookings')} />}
      <Link className="button main" to={`/bookings/${id}/checkout`}>
        {t('basket.continue')}
      </Link>
    </section>
  );
}
