declare module 'subset-font' {
  interface Options {
    targetFormat: 'truetype';
    keepAllGlyphs: boolean;
    variationAxes: Record<string, number>;
  }
  /** A font with its axes pinned. `text` must be absent where all glyphs are kept. */
  export default function subsetFont(
    font: Buffer,
    text: string | undefined,
    options: Options,
  ): Promise<Buffer>;
}
