import type { Schemas } from '../api.js';
import { longTimes, money } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import { placeName } from '../place.js';
import { EventName } from '../shop/event-name.js';

/** Items being bought: on phones only what, when and how much, with the places folded away. */
export function Order({
  booking,
  event,
}: {
  booking: Schemas['Booking'];
  event: Schemas['Event'] | undefined;
}) {
  const { t } = useTranslation();
  const { items, total, currency } = booking;
  return (
    <aside className="card stack order" aria-labelledby="order">
      <h2 id="order">{t('checkout.order')}</h2>
      <div>
        <strong>
          <EventName event={event} />
        </strong>
        <p className="small soft">{event ? longTimes(event) : ' '}</p>
      </div>
      <details open={matchMedia('(min-width: 56rem)').matches}>
        <summary>{t('wait.wish', { count: items.length })}</summary>
        <ul className="lines">
          {items.map((item) => (
            <li key={item.id} className="row spread">
              <span>{placeName(item)}</span>
              <span className="numbers">{money(item.price, currency)}</span>
            </li>
          ))}
        </ul>
      </details>
      <div className="row spread">
        <span>{t('choose.total')}</span>
        <strong className="numbers sum">{money(total, currency)}</strong>
      </div>
    </aside>
  );
}
