import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Schemas } from '../../api.js';
import { moment, money, number, percent } from '../../format.js';
import { useTranslation } from '../../i18n/index.js';
import { Load, Skeleton } from '../../ui/states.js';
import { useForget } from '../../ui/use-forget.js';
import { useEvent } from '../events/event-frame.js';
import { eventSalesQuery } from '../queries.js';
import { useRights } from '../rights.js';
import { CsvButton } from './csv-button.js';
import { Figures } from './figures.js';
import { PastHall } from './past-hall.js';
import { canBeHourly, lastDays } from './period.js';
import { PeriodPicker } from './period-picker.js';
import { csvPath, seriesQuery } from './sales-queries.js';
import { SalesSeries } from './sales-series.js';
import { Sections } from './sections.js';
import { type SalesNumbers, useLiveSales } from './use-live-sales.js';

/** Sales of an event, live. */
export function SalesPage() {
  const { t } = useTranslation();
  const event = useEvent();
  const { may } = useRights();
  const { id, timezone, currency, publishedAt } = event;
  const [period, setPeriod] = useState(() => lastDays(timezone, 7));
  const [hourly, setHourly] = useState(false);
  const interval = hourly && canBeHourly(period) ? 'hour' : 'day';
  const series = useQuery(seriesQuery(period, interval, id));
  const sales = useQuery({ ...eventSalesQuery(id, period), placeholderData: (before) => before });
  const live = useLiveSales(id);
  const forget = useForget();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each news is a reason to read again
  useEffect(() => {
    if (live) forget('sales');
  }, [live]);
  const csv = { ...period, eventId: id };
  return (
    <div className="stack loose">
      <Live numbers={live} />
      <PeriodPicker zone={timezone} period={period} change={setPeriod} />
      <section className="card stack" aria-labelledby="series">
        <div className="row spread">
          <h2 id="series">{t('sales.course')}</h2>
          <fieldset className="switch">
            <legend className="spoken">{t('sales.interval')}</legend>
            <button type="button" aria-pressed={interval === 'day'} onClick={() => setHourly(false)}>
              {t('sales.byDay')}
            </button>
            <button
              type="button"
              aria-pressed={interval === 'hour'}
              disabled={!canBeHourly(period)}
              onClick={() => setHourly(true)}
            >
              {t('sales.byHour')}
            </button>
          </fieldset>
        </div>
        <Load of={series} waiting={<Skeleton height="20rem" />}>
          {({ data }) => <SalesSeries data={data} currency={currency} />}
        </Load>
      </section>
      <Load of={sales} waiting={<Skeleton height="16rem" />}>
        {(found) => (
          <>
            <Figures {...found} />
            <SoldOut sales={found} />
            <Sections sales={found} />
          </>
        )}
      </Load>
      {publishedAt && may('events', id) && <PastHall event={{ ...event, publishedAt }} />}
      <div className="row">
        <CsvButton label={t('sales.summary')} path={csvPath(`events/${id}`, period)} name="sales" />
        <CsvButton
          label={t('sales.course')}
          path={csvPath('timeseries', { ...csv, interval })}
          name={`sales-by-${interval}`}
        />
        <CsvButton
          label={t('sales.cancellations')}
          path={csvPath('cancellations', csv)}
          name="cancellations"
        />
      </div>
    </div>
  );
}

/** The numbers of the whole sale, which the server tells as they change. */
function Live({ numbers }: { numbers: SalesNumbers | undefined }) {
  const { t } = useTranslation();
  if (!numbers) return <Skeleton height="5rem" />;
  const { valid, sellable, utilization, net, currency, open, waiting } = numbers;
  return (
    <section className="live-numbers" aria-label={t('sales.live')}>
      <span className="live on">{t('map.status.live')}</span>
      <span>
        <strong className="numbers">{number(valid)}</strong>{' '}
        {t('sales.ofPlaces', { places: number(sellable), share: percent(utilization ?? 0) })}
      </span>
      <span>
        <strong className="numbers">{money(net, currency)}</strong> {t('sales.net')}
      </span>
      <span>
        <strong className="numbers">{number(open)}</strong> {t('sales.open')}
      </span>
      <span>
        <strong className="numbers">{number(waiting)}</strong> {t('sales.inLine')}
      </span>
    </section>
  );
}

function SoldOut({ sales: { soldOutAt, minutesToSellOut } }: { sales: Schemas['EventSales'] }) {
  const { t } = useTranslation();
  if (soldOutAt === null || minutesToSellOut === null) return null;
  return (
    <p className="notice good">
      {t('sales.soldOut', { date: moment(soldOutAt), minutes: number(minutesToSellOut) })}
    </p>
  );
}
