/** First bytes, in hexadecimal, of the pictures that browsers show and that hold no script. */
const SIGNATURES: readonly (readonly [type: string, pattern: RegExp])[] = [
  ['image/png', /^89504e470d0a1a0a/],
  ['image/jpeg', /^ffd8ff/],
  // "RIFF", four bytes of length, "WEBP".
  ['image/webp', /^52494646.{8}57454250/],
];

/** Media type of a picture by its bytes, whatever its sender calls it; undefined: none that is taken. */
export function logoType(bytes: Buffer): string | undefined {
  const start = bytes.toString('hex', 0, 12);
  return SIGNATURES.find(([, pattern]) => pattern.test(start))?.[0];
}
