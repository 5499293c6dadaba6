import type { Schemas } from '../api.js';
import { number, timeOfDay } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import { type ChartColors, labels, useChart } from '../ui/use-chart.js';

type Slots = Schemas['Overview']['slots'];

/** The last hours as graphs: what all replicas have sold, and how the one that answers has done. */
export function Trend({ overview: { slots, metrics } }: { overview: Schemas['Overview'] }) {
  const { t } = useTranslation();
  return (
    <section className="card stack" aria-labelledby="trend">
      <div className="stack tight">
        <h2 id="trend">{t('operator.trend.title')}</h2>
        <p className="small soft">{t('operator.trend.text')}</p>
      </div>
      <HoldsChart slots={slots} />
      {metrics === 'off' ? (
        <p className="notice">{t('operator.trend.off')}</p>
      ) : (
        <ReplicaChart slots={slots} />
      )}
      {metrics === 'anybody' && (
        <p className="small">
          <a href="/metrics">{t('operator.trend.metrics')}</a>
        </p>
      )}
      {metrics === 'token' && <p className="small soft">{t('operator.trend.token')}</p>}
    </section>
  );
}

function HoldsChart({ slots }: { slots: Slots }) {
  const { t } = useTranslation();
  const place = useChart([slots], (colors) => ({
    xAxis: labels(timesOf(slots), colors),
    yAxis: countAxis(colors),
    series: [
      bars(
        t('operator.trend.holds'),
        slots.map(({ holds }) => holds),
        colors.soft,
      ),
      bars(
        t('operator.trend.sold'),
        slots.map(({ sold }) => sold),
        colors.accent,
      ),
    ],
  }));
  const [holds, sold] = [sum(slots, 'holds'), sum(slots, 'sold')];
  return (
    <div
      ref={place}
      className="chart low"
      role="img"
      aria-label={t('operator.trend.holdsChart', { holds: number(holds), sold: number(sold) })}
    />
  );
}

function ReplicaChart({ slots }: { slots: Slots }) {
  const { t } = useTranslation();
  const place = useChart([slots], (colors) => ({
    xAxis: labels(timesOf(slots), colors),
    yAxis: [
      countAxis(colors),
      {
        type: 'value',
        axisLabel: { color: colors.soft, formatter: '{value} ms' },
        splitLine: { show: false },
      },
    ],
    series: [
      bars(
        t('operator.trend.refused'),
        slots.map(({ refused }) => refused),
        colors.warm,
      ),
      {
        type: 'line',
        name: t('operator.trend.p95'),
        yAxisIndex: 1,
        symbol: 'circle',
        symbolSize: 5,
        data: slots.map(({ p95Ms }) => p95Ms),
        lineStyle: { color: colors.accent, width: 2.5 },
        itemStyle: { color: colors.accent },
        tooltip: {
          valueFormatter: (value: unknown) => (value == null ? '–' : `${number(Number(value))} ms`),
        },
      },
    ],
  }));
  return (
    <div
      ref={place}
      className="chart low"
      role="img"
      aria-label={t('operator.trend.replicaChart', {
        refused: number(sum(slots, 'refused')),
        requests: number(sum(slots, 'requests')),
        p95: number(Math.max(0, ...slots.map(({ p95Ms }) => p95Ms ?? 0))),
      })}
    />
  );
}

const timesOf = (slots: Slots) => slots.map(({ at }) => timeOfDay(at));

const sum = (slots: Slots, name: 'holds' | 'sold' | 'refused' | 'requests'): number =>
  slots.reduce((all, slot) => all + (slot[name] ?? 0), 0);

const countAxis = ({ soft, line }: ChartColors) => ({
  type: 'value',
  minInterval: 1,
  axisLabel: { color: soft },
  splitLine: { lineStyle: { color: line } },
});

const bars = (name: string, data: readonly (number | null)[], color: string) => ({
  type: 'bar',
  name,
  data,
  itemStyle: { color, borderRadius: [3, 3, 0, 0] },
  barMaxWidth: 18,
  tooltip: { valueFormatter: (value: unknown) => (value == null ? '–' : number(Number(value))) },
});
