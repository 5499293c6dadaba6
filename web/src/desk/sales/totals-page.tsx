import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { money, percent } from '../../format.js';
import { useTranslation } from '../../i18n/index.js';
import { Blank, Load, Skeleton } from '../../ui/states.js';
import { useTitle } from '../../ui/use-title.js';
import { CsvButton } from './csv-button.js';
import { Figures } from './figures.js';
import { lastDays } from './period.js';
import { PeriodPicker } from './period-picker.js';
import { bestSellersQuery, csvPath, salesQuery, seriesQuery } from './sales-queries.js';
import { SalesSeries } from './sales-series.js';

const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Sales of all of one's events together. */
export function TotalsPage() {
  const { t } = useTranslation();
  const [period, setPeriod] = useState(() => lastDays(HERE, 30));
  const sales = useQuery(salesQuery(period));
  const series = useQuery(seriesQuery(period, 'day'));
  const best = useQuery(bestSellersQuery(period));
  const currencies = sales.data?.current.revenue.map(({ currency }) => currency) ?? [];
  useTitle(t('sales.title'));
  return (
    <div className="page stack loose">
      <h1>{t('sales.title')}</h1>
      <PeriodPicker zone={HERE} period={period} change={setPeriod} />
      <Load of={sales} waiting={<Skeleton height="12rem" />}>
        {(found) => <Figures {...found} />}
      </Load>
      <section className="card stack" aria-labelledby="series">
        <h2 id="series">{t('sales.course')}</h2>
        <Load of={series} waiting={<Skeleton height="20rem" />}>
          {({ data }) =>
            (currencies.length > 0 ? currencies : ['EUR']).map((currency) => (
              <SalesSeries key={currency} data={data} currency={currency} />
            ))
          }
        </Load>
      </section>
      <section className="stack" aria-labelledby="best">
        <h2 id="best">{t('sales.best')}</h2>
        <Load of={best} waiting={<Skeleton height="3rem" count={5} />}>
          {({ data }) =>
            data.length === 0 ? (
              <Blank title={t('sales.none')} text={t('sales.noneText')} />
            ) : (
              <ul className="desk-list">
                {data.map(({ eventId, title, tickets, net, currency, utilization }) => (
                  <li key={eventId}>
                    <Link className="title" to={`/desk/events/${eventId}/sales`}>
                      {title}
                    </Link>
                    <span className="small numbers">
                      {t('sales.ticketCount', { count: tickets })} · {money(net, currency)}
                      {utilization !== null && ` · ${percent(utilization)}`}
                    </span>
                  </li>
                ))}
              </ul>
            )
          }
        </Load>
      </section>
      <div className="row">
        <CsvButton label={t('sales.summary')} path={csvPath('summary', period)} name="sales" />
        <CsvButton label={t('sales.best')} path={csvPath('popular', period)} name="best-sellers" />
      </div>
    </div>
  );
}
