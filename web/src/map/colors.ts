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

/** WCAG asks for 3 where graphics carry meaning. */
const ENOUGH = 3;

/** The colour, made lighter or darker until it stands out from the ground. */
export function onGround(color: Rgb, ground: Rgb): Rgb {
  const target: Rgb = luminance(ground) > 0.4 ? [0, 0, 0] : [1, 1, 1];
  for (let share = 0; share < 1; share += 0.08) {
    const mixed = mix(color, target, share);
    if (contrast(mixed, ground) >= ENOUGH) return mixed;
  }
  return target;
}
