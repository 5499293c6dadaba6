import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import type { Schemas } from '../../api.js';
import { clockTime, money, number } from '../../format.js';
import { useTranslation } from '../../i18n/index.js';
import { useDark } from '../../theme.js';

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

type Points = Schemas['SalesTimeseries']['data'];

/** Tickets as bars and net revenue as a line, by day or hour. */
export function SalesChart({ data, currency }: { data: Points; currency: string }) {
  const { t, language } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<ReturnType<typeof init>>(undefined);
  const dark = useDark();

  useEffect(() => {
    const made = init(place.current!, undefined, { renderer: 'canvas' });
    chart.current = made;
    const sizes = new ResizeObserver(() => made.resize());
    sizes.observe(place.current!);
    return () => {
      sizes.disconnect();
      made.dispose();
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another appearance or language needs another drawing
  useEffect(() => {
    const colors = colorsOf(place.current!);
    const text = { color: colors.ink, fontFamily: 'system-ui, sans-serif' };
    chart.current?.setOption({
      animationDuration: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 300,
      textStyle: text,
      legend: { top: 0, textStyle: text },
      grid: { left: 8, right: 8, top: 40, bottom: 8, containLabel: true },
      // An HTML tooltip needs inline styles, which the content security policy forbids.
      tooltip: {
        trigger: 'axis',
        renderMode: 'richText',
        backgroundColor: colors.surface,
        borderColor: colors.line,
        textStyle: text,
      },
      xAxis: {
        type: 'category',
        data: data.map(({ local }) => clockTime(local)),
        axisLabel: { color: colors.soft, hideOverlap: true },
        axisLine: { lineStyle: { color: colors.line } },
      },
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
    });
  }, [data, currency, dark, language]);

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

function colorsOf(element: HTMLElement) {
  const style = getComputedStyle(element);
  const probe = document.createElement('span');
  element.append(probe);
  const read = (name: string) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const colors = {
    ink: style.color,
    soft: read('ink-soft'),
    line: read('line'),
    surface: read('surface'),
    accent: read('accent'),
    warm: read('warm'),
  };
  probe.remove();
  return colors;
}
