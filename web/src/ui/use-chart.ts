import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { type RefObject, useEffect, useRef } from 'react';
import { useTranslation } from '../i18n/index.js';
import { useDark } from '../theme.js';

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

export type ChartColors = ReturnType<typeof colorsOf>;

/** A place to draw in, and what is drawn there, anew when one of `data` changes, in the colours and language of the page. */
export function useChart(
  data: readonly unknown[],
  draw: (colors: ChartColors) => EChartsCoreOption,
): RefObject<HTMLDivElement | null> {
  const { language } = useTranslation();
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
      ...draw(colors),
    });
  }, [...data, dark, language]);

  return place;
}

/** Horizontal axis with these labels. */
export const labels = (data: readonly string[], { soft, line }: ChartColors) => ({
  type: 'category',
  data,
  axisLabel: { color: soft, hideOverlap: true },
  axisLine: { lineStyle: { color: line } },
});

function colorsOf(element: HTMLElement) {
  const probe = document.createElement('span');
  // Who wants less motion has very short transitions everywhere, and a colour in transition is still the one before.
  probe.style.setProperty('transition', 'none', 'important');
  element.append(probe);
  const read = (name: string) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const colors = {
    ink: read('ink'),
    soft: read('ink-soft'),
    line: read('line'),
    surface: read('surface'),
    accent: read('accent'),
    warm: read('warm'),
  };
  probe.remove();
  return colors;
}
