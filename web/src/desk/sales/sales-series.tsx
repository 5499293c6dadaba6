import type { Schemas } from '../../api.js';
import { clockTime, money, number } from '../../format.js';
import { useTranslation } from '../../i18n/index.js';
import { TableScroll } from '../../ui/table-scroll.js';
import { netOf, SalesChart } from './sales-chart.js';

/** The course of a sale, drawn and as a table. */
export function SalesSeries({
  data,
  currency,
}: {
  data: Schemas['SalesTimeseries']['data'];
  currency: string;
}) {
  const { t } = useTranslation();
  const busy = data.filter(({ tickets, returned, holds }) => tickets + returned + holds > 0);
  return (
    <>
      <SalesChart data={data} currency={currency} />
      <details>
        <summary>{t('sales.asTable')}</summary>
        <TableScroll label={t('sales.asTable')}>
          <table className="table numbers">
            <thead>
              <tr>
                <th scope="col">{t('sales.when')}</th>
                <th scope="col">{t('sales.tickets')}</th>
                <th scope="col">{t('sales.returned')}</th>
                <th scope="col">{t('sales.net')}</th>
              </tr>
            </thead>
            <tbody>
              {busy.map((point) => (
                <tr key={point.at}>
                  <th scope="row">{clockTime(point.local, 'numeric')}</th>
                  <td>{number(point.tickets)}</td>
                  <td>{number(point.returned)}</td>
                  <td>{money(netOf(point, currency), currency)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableScroll>
      </details>
    </>
  );
}
