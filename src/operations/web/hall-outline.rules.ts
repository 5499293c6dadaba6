import { asHtml } from '../../platform/common/html.js';
import type { Outline, Point } from '../../venues/plans.service.js';

/** The sections of a hall as a small drawing, each in its colour. */
export function hallOutline({ left, top, width, height, spacing, sections }: Outline): string {
  const paths = sections.map(({ color, corners }) => {
    const named = asHtml(color);
    return `<path fill="${named}" stroke="${named}" d="${pathOf(corners)}"/>`;
  });
  return `<svg viewBox="${[left, top, width, height].map(Math.round).join(' ')}" stroke-width="${Math.round(spacing)}" stroke-linejoin="round" aria-hidden="true">${paths.join('')}</svg>`;
}

/** Whole units, each point from the one before: half as long as absolute ones. */
function pathOf(corners: readonly Point[]): string {
  let [px, py] = [0, 0];
  const steps = corners.map(({ x, y }) => {
    const [dx, dy] = [Math.round(x) - px, Math.round(y) - py];
    [px, py] = [px + dx, py + dy];
    return `${dx} ${dy}`;
  });
  return `m${steps.join(' ')}z`;
}
