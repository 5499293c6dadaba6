import type { SeatMap } from '@evently/client';
import { useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { Schemas } from '../api.js';
import { SeatPicker } from '../map/seat-picker.js';
import { fromParams, Selection } from '../map/selection.js';
import { useSoldOut } from '../map/use-seat-map.js';
import { Best } from './best.js';
import { Choice } from './choice.js';
import { useHold } from './hold.js';
import { JoinWaitlist } from './join-waitlist.js';
import { saleOf } from './sale.js';

/** The hall, and beside it what was chosen. */
export function Choosing({ event, map }: { event: Schemas['Event']; map: SeatMap }) {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const [selection] = useState(() => {
    const made = new Selection(event.maxSeatsPerBooking);
    fromParams(
      made,
      search,
      (n) => map.isFree(n),
      (area) => map.areas.has(area),
    );
    return made;
  });
  useSyncExternalStore(selection.subscribe, () => selection.version);
  const hold = useHold(event, selection);
  const { open } = saleOf(event, t);
  const soldOut = useSoldOut(map);
  return (
    <section className="choosing" aria-labelledby="choosing">
      <h2 id="choosing" className="spoken">
        {t('map.title')}
      </h2>
      <SeatPicker map={map} selection={selection} currency={event.currency} />
      <div className="choosing-side stack">
        <Choice event={event} map={map} selection={selection} hold={hold} open={open} />
        {open && !soldOut && map.geometry.count > 0 && <Best event={event} map={map} hold={hold} />}
        {open && <JoinWaitlist event={event} map={map} soldOut={soldOut} />}
      </div>
    </section>
  );
}
