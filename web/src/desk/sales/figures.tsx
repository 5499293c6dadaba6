import type { ReactNode } from 'react';
import type { Schemas } from '../../api.js';
import { change, money, number, percent } from '../../format.js';
import { useTranslation } from '../../i18n/index.js';

type Numbers = Schemas['SalesSummary']['current'];

interface Props {
  current: Numbers;
  previous: Numbers | null;
}

/** The numbers of a period beside those of the period before, each with what it means. */
export function Figures({ current, previous }: Props) {
  const { t } = useTranslation();
  const share = (value: number | null) => (value === null ? '–' : percent(value));
  return (
    <dl className="figures">
      {current.revenue.map(({ currency, gross, refunded, net }) => (
        <Figure
          key={currency}
          label={t('sales.net')}
          help={t('sales.means.net')}
          before={previous?.revenue.find((sum) => sum.currency === currency)?.net}
          now={net}
        >
          {money(net, currency)}
          <small className="soft">
            {' '}
            {t('sales.gross', { gross: money(gross, currency), refunded: money(refunded, currency) })}
          </small>
        </Figure>
      ))}
      <Figure
        label={t('sales.tickets')}
        help={t('sales.means.tickets')}
        before={previous?.tickets}
        now={current.tickets}
      >
        {number(current.tickets)}
      </Figure>
      <Figure
        label={t('sales.orders')}
        help={t('sales.means.orders')}
        before={previous?.orders}
        now={current.orders}
      >
        {number(current.orders)}
      </Figure>
      <Figure
        label={t('sales.conversion')}
        help={t('sales.means.conversion')}
        before={previous?.conversion}
        now={current.conversion}
      >
        {share(current.conversion)}
      </Figure>
      <Figure
        label={t('sales.cancellationRate')}
        help={t('sales.means.cancellationRate')}
        before={previous?.cancellationRate}
        now={current.cancellationRate}
      >
        {share(current.cancellationRate)}
      </Figure>
      <Figure
        label={t('sales.wanted')}
        help={t('sales.means.wanted')}
        before={previous?.waitlist.wanted}
        now={current.waitlist.wanted}
      >
        {number(current.waitlist.wanted)}
        <small className="soft"> {t('sales.waiting', { count: current.waitlist.waiting })}</small>
      </Figure>
    </dl>
  );
}

function Figure({
  label,
  help,
  before,
  now,
  children,
}: {
  label: string;
  help: string;
  before: number | null | undefined;
  now: number | null;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const moved = before && now !== null ? (now - before) / Math.abs(before) : undefined;
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <strong className="numbers">{children}</strong>
        {moved !== undefined && (
          <span className="small soft numbers">{t('sales.before', { change: change(moved) })}</span>
        )}
        <details>
          <summary>{t('sales.meaning')}</summary>
          <p className="small">{help}</p>
        </details>
      </dd>
    </div>
  );
}
