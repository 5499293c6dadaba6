import type { Schemas } from '../../api.js';
import { clockTime, money, number } from '../../format.js';
import { useTranslation } from '../../i18n/index.js';
import { labels, useChart } from '../../ui/use-chart.js';

type Points = Schemas['SalesTimeseries']['data'];

/** Tickets as bars and net revenue as a line, by day or hour. */
export function SalesChart({ data, currency }: { data: Points; currency: string }) {
  const { t } = useTranslation();
  const place = useChart([data, currency], (colors) => ({
    xAxis: labels(
      data.map(({ local }) => clockTime(local)),
      colors,
    ),
    yAxis: [
      {
        type: 'value',
        minInterval: 1,
        axisLabel: { color: colors.soft },
        splitLine: { lineStyle: { color: colors.line } },
      },
      {
        type: 'value',
        axisLabel: { color: colors.soft, formatter: (value: number) => money(value, currency) },
        splitLine: { show: false },
      },
    ],
    series: [
      {
        type: 'bar',
        name: t('sales.tickets'),
        data: data.map(({ tickets }) => tickets),
        itemStyle: { color: colors.accent, borderRadius: [3, 3, 0, 0] },
        barMaxWidth: 36,
        tooltip: { valueFormatter: (value: unknown) => number(Number(value)) },
      },
      {
        type: 'line',
        name: t('sales.net'),
        yAxisIndex: 1,
        symbol: 'circle',
        symbolSize: 5,
        data: data.map((point) => netOf(point, currency)),
        lineStyle: { color: colors.warm, width: 2.5, type: 'dashed' },
        itemStyle: { color: colors.warm },
        tooltip: { valueFormatter: (value: unknown) => money(Number(value), currency) },
      },
    ],
  }));

  const tickets = data.reduce((sum, point) => sum + point.tickets, 0);
  const net = data.reduce((sum, point) => sum + netOf(point, currency), 0);
  return (
    <div
      ref={place}
      className="chart"
      role="img"
      aria-label={t('sales.chart', { tickets: number(tickets), net: money(net, currency) })}
    />
  );
}

export const netOf = ({ revenue }: Pick<Points[number], 'revenue'>, currency: string): number =>
  revenue.find((sum) => sum.currency === currency)?.net ?? 0;
