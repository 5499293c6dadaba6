/** A4 in points. */
export const PAGE_HEIGHT = 841.89;
export const MARGIN = 48;
export const WIDTH = 595.28 - 2 * MARGIN;
/** The page is folded in its middle. */
export const FOLD = PAGE_HEIGHT / 2;
export const GREY = '#555555';
