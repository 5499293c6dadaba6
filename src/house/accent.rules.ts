/** Contrast that text needs, by WCAG 2.2 (1.4.3). */
export const LEAST_CONTRAST = 4.5;

/** Grounds of the design that a link may stand on, the one nearest to the text's own lightness. */
const LIGHT_GROUND = '#eceae4';
const DARK_GROUND = '#25292e';
/** Steps in which a colour is mixed until it can be read. */
const STEP = 0.04;

type Rgb = readonly [number, number, number];

const rgbOf = (hex: string): Rgb =>
  [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;

/** `share` of the second colour in the first. */
function mix(hex: string, other: string, share: number): string {
  const [from, to] = [rgbOf(hex), rgbOf(other)];
  return `#${from
    .map((part, i) =>
      Math.round(part + (to[i]! - part) * share)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
}

function luminance(hex: string): number {
  const [r, g, b] = rgbOf(hex).map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** From 1 to 21, by WCAG 2.2. */
export function contrast(hex: string, other: string): number {
  const [low, high] = [luminance(hex), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** Whether white text on it can be read. */
export const isReadable = (accent: string): boolean => contrast(accent, '#ffffff') >= LEAST_CONTRAST;

/** The colour itself, or mixed with as little of the other as it takes to be read on the ground. */
function readableOn(ground: string, accent: string, other: string): string {
  for (let share = 0; share < 1; share += STEP) {
    const mixed = mix(accent, other, share);
    if (contrast(mixed, ground) >= LEAST_CONTRAST) return mixed;
  }
  return other;
}

type Colors = Readonly<Record<'accent' | 'accent-hover' | 'accent-soft' | 'on-accent', string>>;

/** The colours of a design made from one, by the names of `tokens.css`. */
export function accentColors(accent: string): Readonly<Record<'light' | 'dark', Colors>> {
  const light = readableOn(LIGHT_GROUND, accent, '#000000');
  const dark = readableOn(DARK_GROUND, accent, '#ffffff');
  return {
    light: {
      accent: light,
      'accent-hover': mix(light, '#000000', 0.2),
      'accent-soft': mix(light, '#ffffff', 0.9),
      'on-accent': '#ffffff',
    },
    dark: {
      accent: dark,
      'accent-hover': mix(dark, '#ffffff', 0.3),
      'accent-soft': mix('#1b1e22', dark, 0.08),
      'on-accent': mix(accent, '#000000', 0.88),
    },
  };
}

const declared = (colors: Colors): string =>
  Object.entries(colors)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');

/** A style sheet that gives pages these colours, light and dark as `tokens.css` chooses; it weighs more than that. */
export function accentSheet(accent: string): string {
  const { light, dark } = accentColors(accent);
  return [
    `:root:root{${declared(light)}}`,
    `@media (prefers-color-scheme:dark){:root:root:not([data-theme=light]){${declared(dark)}}}`,
    `:root:root[data-theme=dark]{${declared(dark)}}`,
  ].join('\n');
}
