import type { Image, ImageType } from './images.schemas.js';

/** More than a camera or phone of today makes. */
export const MOST_PIXELS = 50_000_000;
/** Sides of the largest size that is kept. */
export const LARGEST_SIDE = 1920;

/** Widths for pages: a card on a phone, twice as fine, and so on to the whole width of a screen. */
const WEBP_WIDTHS = [320, 640, 960, 1280];
/** One for printed pages, and one for mails and messengers, many of which know no WebP. */
const JPEG_WIDTHS = [640, 1200];

export interface Size {
  readonly type: ImageType;
  readonly width: number;
}

/** Sizes in which a picture that is so wide is kept; none is larger than the picture. */
export function sizesOf(width: number): Size[] {
  const of = (type: ImageType, widths: readonly number[], largest: number): Size[] => [
    ...widths.filter((narrower) => narrower < largest).map((narrower) => ({ type, width: narrower })),
    { type, width: largest },
  ];
  const [print, mail] = JPEG_WIDTHS as [number, number];
  return [...of('webp', WEBP_WIDTHS, width), ...of('jpeg', [print], Math.min(width, mail))];
}

export interface ImageFile extends Size {
  readonly height: number;
  readonly bytes: Buffer;
}

/** Reference to a picture that is kept in these files. */
export function imageOf(hash: string, files: readonly Pick<ImageFile, 'type' | 'width' | 'height'>[]): Image {
  const pages = files.filter(({ type }) => type === 'webp').sort((a, b) => a.width - b.width);
  const { width, height } = pages.at(-1)!;
  return { hash, width, height, widths: pages.map((file) => file.width) };
}
