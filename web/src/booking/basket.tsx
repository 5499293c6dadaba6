import { Link, useLocation } from 'react-router';
import { useTranslation } from '../i18n/index.js';
import { useForget } from '../ui/use-forget.js';
import { Countdown } from './countdown.js';
import { useHeld } from './held.js';

/** Places are paid or chosen there already. */
const WITHOUT = /^\/(bookings\/.+|desk|operator)/;

/** Tells on every page which places wait to be paid: how long still, and the way there. */
export function Basket() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const forget = useForget();
  const held = useHeld();
  const [first] = held;
  if (!first || WITHOUT.test(pathname)) return null;
  const count = held.reduce((sum, { items }) => sum + items.length, 0);
  return (
    <aside className="basket" aria-label={t('basket.title')}>
      <div>
        <strong>{t('basket.kept', { count })}</strong>
        <Countdown bare until={first.expiresAt} over={() => forget('bookings')} />
        <Link className="button main" to={held.length > 1 ? '/bookings' : `/bookings/${first.id}/checkout`}>
          {t('basket.continue')}
        </Link>
      </div>
    </aside>
  );
}
