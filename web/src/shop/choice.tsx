import type { SeatMap } from '@evently/client';
import { useState } from 'react';
import type { Schemas } from '../api.js';
import { money } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import type { Selection } from '../map/selection.js';
import { totalOf } from '../map/total.js';
import { seatName } from '../place.js';
import { useSession } from '../session.js';
import { Button } from '../ui/button.js';
import { CrossIcon } from '../ui/icons.js';
import { Sheet } from '../ui/sheet.js';
import { Fault } from '../ui/states.js';
import type { Hold } from './hold.js';

/** Chosen seats and places, their price, and the way on. */
export function Choice({
  event,
  map,
  selection,
  hold,
  open,
  gone,
  before,
}: {
  event: Schemas['Event'];
  map: SeatMap;
  selection: Selection;
  hold: Hold;
  open: boolean;
  /** Places of a shared address that are not free any more. */
  gone: number;
  /** A hold of this event that is not paid yet. */
  before: Schemas['Booking'] | undefined;
}) {
  const { t } = useTranslation();
  const { signedIn } = useSession();
  const { count, limit, isFull } = selection;
  const total = totalOf(map, selection);
  const [asking, setAsking] = useState(false);
  return (
    <section className="card stack choice" aria-labelledby="choice">
      <h3 id="choice">{t('choose.title')}</h3>
      <div role="status" className="stack tight">
        {count > 0 && <span className="small soft">{t('choose.chosen', { count })}</span>}
        {hold.lost.length > 0 ? (
          <p className="notice danger">{t('choose.lost', { count: hold.lost.length })}</p>
        ) : (
          <Fault error={hold.error} />
        )}
      </div>
      {gone > 0 && <p className="notice warm">{t('choose.gonePlaces', { count: gone })}</p>}
      {count === 0 ? (
        <p className="soft">{t('choose.empty')}</p>
      ) : (
        <Items event={event} map={map} selection={selection} />
      )}
      <p className="small soft">{isFull ? t('choose.full') : t('choose.limit', { count: limit })}</p>
      <div className={count > 0 ? 'choice-total stuck' : 'choice-total'}>
        <div className="row spread">
          <span>{t('choose.total')}</span>
          <strong className="numbers sum">{money(total, event.currency)}</strong>
        </div>
        <Button
          look="main"
          wide
          busy={hold.busy}
          disabled={count === 0 || !open}
          onClick={() => (before ? setAsking(true) : void hold.chosen())}
        >
          {hold.busy ? t('choose.holding') : t(signedIn ? 'choose.hold' : 'choose.loginAndHold')}
        </Button>
      </div>
      <p className="small soft">{t('choose.holdFor', { count: Math.round(event.holdSeconds / 60) })}</p>
      {asking && before && (
        <Sheet title={t('basket.second')} close={() => setAsking(false)}>
          <p>{t('basket.secondText', { count: before.items.length })}</p>
          <div className="stack tight">
            <Button look="main" busy={hold.busy} onClick={() => void hold.chosen(before.id)}>
              {t('basket.instead')}
            </Button>
            <Button busy={hold.busy} onClick={() => void hold.chosen()}>
              {t('basket.both')}
            </Button>
            <Button look="quiet" onClick={() => setAsking(false)}>
              {t('app.cancel')}
            </Button>
          </div>
          <Fault error={hold.error} />
        </Sheet>
      )}
    </section>
  );
}

function Items({ event, map, selection }: { event: Schemas['Event']; map: SeatMap; selection: Selection }) {
  const { t } = useTranslation();
  const { currency } = event;
  return (
    <ul className="lines">
      {[...selection.seats].map((n) => {
        const name = seatName(map.geometry, n);
        return (
          <Item
            key={n}
            name={name}
            price={money(map.priceOf(n) ?? 0, currency)}
            remove={() => selection.toggle(n)}
            label={t('choose.remove', { what: name })}
          />
        );
      })}
      {[...selection.areas].map(([area, count]) => (
        <Item
          key={area}
          name={t('map.quantity', { count, area })}
          price={money(count * (map.priceOfArea(area) ?? 0), currency)}
          remove={() => selection.setArea(area, 0)}
          label={t('choose.remove', { what: area })}
        />
      ))}
    </ul>
  );
}

function Item({
  name,
  price,
  remove,
  label,
}: {
  name: string;
  price: string;
  remove: () => void;
  label: string;
}) {
  return (
    <li className="row">
      <span className="grow">{name}</span>
      <span className="numbers">{price}</span>
      <Button look="quiet" className="icon" aria-label={label} onClick={remove}>
        <CrossIcon />
      </Button>
    </li>
  );
}
