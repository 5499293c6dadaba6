import { useQuery } from '@tanstack/react-query';
import { Link, useLocation } from 'react-router';
import { api, ok } from '../api.js';
import { useTranslation } from '../i18n/index.js';
import { useForget } from '../ui/use-forget.js';
import { Countdown } from './countdown.js';

const heldQuery = {
  queryKey: ['bookings', 'held'],
  queryFn: () => ok(api.GET('/api/v1/bookings', { params: { query: { status: 'held', limit: 20 } } })),
};
/** Places are paid or chosen there already. */
const WITHOUT = /^\/(bookings\/.+|desk|operator)/;

/** Tells on every page which places wait to be paid: how long still, and the way there. */
export function Basket() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const forget = useForget();
  const { data } = useQuery(heldQuery);
  const held = (data?.data ?? [])
    .filter(({ expiresAt }) => expiresAt && Date.parse(expiresAt) > Date.now())
    .sort((a, b) => Date.parse(a.expiresAt!) - Date.parse(b.expiresAt!));
  const [first] = held;
  if (!first || WITHOUT.test(pathname)) return null;
  const count = held.reduce((sum, { items }) => sum + items.length, 0);
  return (
    <aside className="basket" aria-label={t('basket.title')}>
      <div>
        <strong>{t('basket.kept', { count })}</strong>
        <Countdown bare until={first.expiresAt!} over={() => forget('bookings')} />
        <Link className="button main" to={held.length > 1 ? '/bookings' : `/bookings/${first.id}/checkout`}>
          {t('basket.continue')}
        </Link>
      </div>
    </aside>
  );
}
