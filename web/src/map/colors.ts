/** Red, green and blue from 0 to 1. */
export type Rgb = readonly [number, number, number];

const NAMES = ['floor', 'taken', 'shape', 'ink', 'soft', 'accent', 'onAccent', 'danger', 'line'] as const;
const VARIABLES = {
  floor: '--map-floor',
  taken: '--map-taken',
  shape: '--map-shape',
  ink: '--ink',
  soft: '--ink-soft',
  accent: '--accent',
  onAccent: '--on-accent',
  danger: '--danger',
  line: '--line-strong',
} as const;
export type Palette = Record<(typeof NAMES)[number], Rgb>;

/** The colours of the design as they are in this place of the page now. */
export function readPalette(element: HTMLElement): Palette {
  const probe = document.createElement('span');
  element.append(probe);
  const palette = Object.fromEntries(
    NAMES.map((name) => {
      probe.style.color = `var(${VARIABLES[name]})`;
      return [name, parse(getComputedStyle(probe).color)];
    }),
  ) as Palette;
  probe.remove();
  return palette;
}

function parse(color: string): Rgb {
  const [r = 0, g = 0, b = 0] = (color.match(/[\d.]+/g) ?? []).map(Number);
  return [r / 255, g / 255, b / 255];
}

export function fromHex(hex: string): Rgb {
  const full = /^#[\da-f]{3}$/i.test(hex) ? hex.replace(/[\da-f]/gi, '$&$&') : hex;
  const value = /^#[\da-f]{6}/i.test(full) ? Number.parseInt(full.slice(1, 7), 16) : 0x888888;
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}

export const toNumber = ([r, g, b]: Rgb): number =>
  (Math.round(r * 255) << 16) | (Math.round(g * 255) << 8) | Math.round(b * 255);

export const toCss = (color: Rgb): string => `#${toNumber(color).toString(16).padStart(6, '0')}`;

export const mix = (a: Rgb, b: Rgb, share: number): Rgb => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
  a[2] + (b[2] - a[2]) * share,
];

function luminance([r, g, b]: Rgb): number {
  const linear = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

/** As WCAG counts it, from 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [high, low] = [luminance(a), luminance(b)].sort((one, other) => other - one);
  return (high! + 0.05) / (low! + 0.05);
}

/** Ink that can be read on a ground: the page's, or its background. */
export const inkOn = (ground: Rgb, { ink, floor }: Pick<Palette, 'ink' | 'floor'>): Rgb =>
  contrast(ink, ground) > contrast(floor, ground) ? ink : floor;

/** WCAG asks for 3 where graphics carry meaning. */
const ENOUGH = 3;

/** The same hue, so much lighter or darker as `lightness` says, from 0 to 1. Mixing with white would turn navy into grey. */
function withLightness([r, g, b]: Rgb, lightness: number): Rgb {
  const [low, high] = [Math.min(r, g, b), Math.max(r, g, b)];
  const before = (low + high) / 2;
  const spread = (value: number) => 1 - Math.abs(2 * value - 1);
  const factor = spread(before) > 0 ? spread(lightness) / spread(before) : 0;
  const moved = (value: number) => lightness + (value - before) * factor;
  return [moved(r), moved(g), moved(b)];
}

/** Distance of two colours, from 0 to about 1.7. */
const distance = (a: Rgb, b: Rgb): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

/** Nearer to each other two colours look alike on dots of some pixels. */
const APART = 0.22;
const STEP = 0.02;

/** The colour, made lighter or darker until it stands out from the ground and cannot be taken for that of taken seats. */
export function onGround(color: Rgb, { floor, taken }: Pick<Palette, 'floor' | 'taken'>): Rgb {
  const step = luminance(floor) > 0.4 ? -STEP : STEP;
  const lightness = (Math.min(...color) + Math.max(...color)) / 2;
  for (let tried = lightness; tried > 0 && tried < 1; tried += step) {
    const made = tried === lightness ? color : withLightness(color, tried);
    if (contrast(made, floor) >= ENOUGH && distance(made, taken) >= APART) return made;
  }
  return step < 0 ? [0, 0, 0] : [1, 1, 1];
}
