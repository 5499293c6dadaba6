import { type RefObject, useLayoutEffect } from 'react';

/** A code that is being scanned, buttons of the map, and bars at the foot of the page. */
const KEPT_CLEAR = '.qr, .map-zoom, .map-card, .choice-total.stuck, .save-bar';
const GAP = 12;

/** Moves a box at the foot of the window up as far as needed to cover nothing that people are using, also while they scroll. */
export function useClearPlace(box: RefObject<HTMLElement | null>, content: readonly unknown[]): void {
  useLayoutEffect(() => {
    const element = box.current;
    if (!element || content.length === 0) return;
    let frame = 0;
    const place = () => {
      frame = 0;
      element.style.bottom = '';
      const shown = [...element.children].map((child) => child.getBoundingClientRect());
      const left = Math.min(...shown.map((rect) => rect.left));
      const right = Math.max(...shown.map((rect) => rect.right));
      const { bottom, height } = element.getBoundingClientRect();
      const taken = [...document.querySelectorAll(KEPT_CLEAR)]
        .map((other) => other.getBoundingClientRect())
        .filter((rect) => rect.width > 0 && rect.left < right && rect.right > left);
      const clear = clearBottom(bottom, height, taken);
      if (clear !== bottom) element.style.bottom = `${innerHeight - clear}px`;
    };
    const soon = () => {
      frame ||= requestAnimationFrame(place);
    };
    place();
    addEventListener('scroll', soon, { capture: true, passive: true });
    addEventListener('resize', soon);
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener('scroll', soon, { capture: true });
      removeEventListener('resize', soon);
    };
  }, [box, content]);
}

/** The lowest lower edge at which a box covers none of these; its own when there is no room. */
export function clearBottom(
  bottom: number,
  height: number,
  taken: readonly { readonly top: number; readonly bottom: number }[],
): number {
  const edges = [bottom, ...taken.map(({ top }) => top - GAP)].filter(
    (edge) => edge <= bottom && edge - height >= 0,
  );
  const isClear = (edge: number) =>
    taken.every((other) => other.top >= edge || other.bottom <= edge - height);
  return edges.sort((a, b) => b - a).find(isClear) ?? bottom;
}
