import type { Geometry } from '@evently/client';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from '../../i18n/index.js';
import { useSeatMap } from '../../map/use-seat-map.js';
import { Failure, Load, Skeleton } from '../../ui/states.js';
import { geometryQuery } from '../queries.js';
import { useRights } from '../rights.js';
import { Blocking } from './blocking.js';
import { type Event, useEvent } from './event-frame.js';
import { PriceList } from './price-list.js';
import { type PriceRow, pricesOf, rowsOf } from './price-rows.js';
import { PricedHall } from './priced-hall.js';

/** Prices of an event and seats that are kept out of its sale, on the map. */
export function PlacesPage() {
  const event = useEvent();
  const { t } = useTranslation();
  const { may } = useRights();
  const geometry = useQuery(geometryQuery(event));
  return (
    <Load of={geometry} waiting={<Skeleton height="34rem" />}>
      {(found) => (
        <div className="stack far">
          {may('prices', event.id) ? (
            <Prices key={event.version} event={event} geometry={found} />
          ) : (
            <p className="notice">
              {t('members.missingTitle', { permission: t('members.permissions.prices') })}
            </p>
          )}
          {event.status === 'published' && may('events', event.id) && <Blocks event={event} />}
        </div>
      )}
    </Load>
  );
}

function Prices({ event, geometry }: { event: Event; geometry: Geometry }) {
  const { t } = useTranslation();
  const [rows, setRows] = useState<PriceRow[]>(() => rowsOf(geometry, event));
  const prices = useMemo(() => pricesOf(rows, event.currency), [rows, event.currency]);
  return (
    <section className="stack" aria-labelledby="prices">
      <div className="stack tight">
        <h2 id="prices">{t('desk.prices')}</h2>
        <p className="soft">{t('desk.pricesText')}</p>
      </div>
      <div className="desk-split">
        <PricedHall geometry={geometry} prices={prices} currency={event.currency} />
        <PriceList event={event} geometry={geometry} rows={rows} change={setRows} />
      </div>
    </section>
  );
}

function Blocks({ event }: { event: Event }) {
  const { t } = useTranslation();
  const { map, error, retry } = useSeatMap(event.id);
  return (
    <section className="stack" aria-labelledby="blocks">
      <div className="stack tight">
        <h2 id="blocks">{t('desk.blocks')}</h2>
        <p className="soft">{t('desk.blocksText')}</p>
      </div>
      {error ? <Failure error={error} retry={retry} /> : null}
      {map ? <Blocking event={event} map={map} /> : !error && <Skeleton height="34rem" />}
    </section>
  );
}
