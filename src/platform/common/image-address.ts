/** The part of a picture's description that its addresses need. */
export interface Addressed {
  readonly hash: string;
  readonly widths: readonly number[];
}

/** Path of a picture in the size next to `width`. JPEG is for mails and messengers, many of which know no WebP. */
export const imagePath = ({ hash }: Pick<Addressed, 'hash'>, width: number, type?: 'jpeg'): string =>
  `/api/v1/images/${hash}?width=${width}${type ? `&type=${type}` : ''}`;

/** All sizes of a picture, for `srcset`. */
export const imageSizes = (image: Addressed): string =>
  image.widths.map((width) => `${imagePath(image, width)} ${width}w`).join(', ');

/** Width for browsers that choose no size. */
export const USUAL_WIDTH = 640;

/** How wide the picture is on a card of a list, and at the head of a page, as `sizes` has it. */
export const CARD_SIZES = '(min-width: 44rem) 22rem, 100vw';
export const HEAD_SIZES = '20rem';
