import type { SeatMap } from '@evently/client';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { api, ok, type Schemas } from '../api.js';
import { longTimes, money } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import { SeatPicker } from '../map/seat-picker.js';
import { Selection, toParams } from '../map/selection.js';
import { totalOf } from '../map/total.js';
import { useSeatMap } from '../map/use-seat-map.js';
import { saleOf } from '../shop/sale.js';
import { Failure, Skeleton } from '../ui/states.js';

/** The map of one event for other people's pages. Chosen seats are held and paid in the shop, in a tab of its own. */
export function Embed({ eventId }: { eventId: string }) {
  const { t } = useTranslation();
  const root = useRef<HTMLDivElement>(null);
  const { map, error, retry } = useSeatMap(eventId);
  const [event, setEvent] = useState<Schemas['Event']>();
  const [fault, setFault] = useState<unknown>();
  useEffect(() => {
    ok(api.GET('/api/v1/events/{id}', { params: { path: { id: eventId } } })).then(setEvent, setFault);
  }, [eventId]);
  useEffect(() => {
    // The page around cannot look inside.
    const sizes = new ResizeObserver(([entry]) =>
      parent.postMessage({ type: 'evently:height', height: entry!.borderBoxSize[0]!.blockSize }, '*'),
    );
    sizes.observe(root.current!);
    return () => sizes.disconnect();
  }, []);
  const sale = event && saleOf(event, t);
  return (
    <div className="embed stack" ref={root}>
      {event && (
        <header className="row spread">
          <h1>{event.title}</h1>
          <span className="soft">{longTimes(event)}</span>
        </header>
      )}
      {sale?.text && <p className="notice">{sale.text}</p>}
      {(error ?? fault) !== undefined && <Failure error={error ?? fault} retry={retry} />}
      {event && map && !sale?.closed && <Hall event={event} map={map} open={sale?.open ?? false} />}
      {!map && error === undefined && fault === undefined && <Skeleton height="26rem" />}
    </div>
  );
}

function Hall({ event, map, open }: { event: Schemas['Event']; map: SeatMap; open: boolean }) {
  const { t } = useTranslation();
  const [selection] = useState(() => new Selection(event.maxSeatsPerBooking));
  useSyncExternalStore(selection.subscribe, () => selection.version);
  const { count } = selection;
  return (
    <>
      <SeatPicker map={map} selection={selection} currency={event.currency} />
      <div className="row spread embed-total">
        <span role="status">
          {count > 0 ? t('choose.chosen', { count }) : t('choose.limit', { count: selection.limit })}
          {count > 0 && (
            <strong className="numbers"> · {money(totalOf(map, selection), event.currency)}</strong>
          )}
        </span>
        {open && (
          <a
            className="button main"
            href={`/events/${event.id}?${toParams(selection)}`}
            target="_blank"
            rel="noopener"
          >
            {t('choose.shop')}
          </a>
        )}
      </div>
    </>
  );
}
