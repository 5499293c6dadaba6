import type { SeatMap } from '@evently/client';
import { useEffect, useEffectEvent, useState, useSyncExternalStore } from 'react';
import { useSearchParams } from 'react-router';
import type { Schemas } from '../api.js';
import { money } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import type { Limits } from '../map/seat-filter.js';
import { SeatPicker } from '../map/seat-picker.js';
import { fromParams, Selection } from '../map/selection.js';
import { totalOf } from '../map/total.js';
import { useSoldOut } from '../map/use-seat-map.js';
import { seatName } from '../place.js';
import { useSession } from '../session.js';
import { Best } from './best.js';
import { Choice } from './choice.js';
import { AT_ONCE, useHold } from './hold.js';
import { JoinWaitlist } from './join-waitlist.js';
import { useOwn } from './own.js';
import { saleOf } from './sale.js';

const NOTHING: readonly number[] = [];

/** The hall, and beside it what was chosen. */
export function Choosing({ event, map }: { event: Schemas['Event']; map: SeatMap }) {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const { signedIn } = useSession();
  const [{ selection, gone }] = useState(() => {
    const made = new Selection(event.maxSeatsPerBooking);
    const missing = fromParams(
      made,
      search,
      (n) => map.isFree(n),
      (area) => map.areas.has(area),
    );
    return { selection: made, gone: missing };
  });
  useSyncExternalStore(selection.subscribe, () => selection.version);
  const [proposed, setProposed] = useState(NOTHING);
  const [limits, setLimits] = useState<Limits>({});
  const own = useOwn(event.id, selection);
  const hold = useHold(event, selection, () => ({
    places: [
      ...[...selection.seats].map((n) => seatName(map.geometry, n)),
      ...[...selection.areas].map(([area, count]) => t('map.quantity', { count, area })),
    ].join('; '),
    total: money(totalOf(map, selection), event.currency),
  }));
  const { open } = saleOf(event, t);
  const soldOut = useSoldOut(map);

  const wanted = search.has(AT_ONCE);
  const goOn = useEffectEvent(() => {
    // Once: not again on the way back, nor when the page is loaded anew.
    const rest = new URLSearchParams(search);
    rest.delete(AT_ONCE);
    setSearch(rest, { replace: true });
    if (selection.count > 0 && open) void hold.chosen();
  });
  useEffect(() => {
    if (wanted && signedIn) goOn();
  }, [wanted, signedIn]);

  const take = (seats: readonly number[]) => {
    selection.clear();
    selection.choose(seats);
    setProposed(NOTHING);
    if (!own) void hold.chosen();
  };
  return (
    <section className="choosing" aria-labelledby="choosing">
      <h2 id="choosing" className="spoken">
        {t('map.title')}
      </h2>
      <SeatPicker
        map={map}
        selection={selection}
        currency={event.currency}
        proposed={proposed}
        limits={limits}
        setLimits={setLimits}
      />
      <div className="choosing-side stack">
        {soldOut && open ? (
          <div className="card stack">
            <h3>{t('browse.soldOut')}</h3>
            <p className="soft">{t('browse.soldOutText')}</p>
          </div>
        ) : (
          <Choice
            event={event}
            map={map}
            selection={selection}
            hold={hold}
            open={open}
            gone={gone}
            before={own}
          />
        )}
        {open && !soldOut && map.geometry.count > 0 && (
          <Best
            event={event}
            map={map}
            limits={limits}
            proposed={proposed}
            show={setProposed}
            take={take}
            busy={hold.busy}
          />
        )}
        {open && <JoinWaitlist event={event} map={map} soldOut={soldOut} />}
      </div>
    </section>
  );
}
