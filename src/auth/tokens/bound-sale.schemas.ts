/** Minutes that a buyer session may last. */
export const BUYER_MINUTES = { least: 5, most: 120 };

/** Whether this is the origin of pages, spelled as browsers do. */
export function isOrigin(text: string): boolean {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return false;
  return new URL(text).origin === text;
}
