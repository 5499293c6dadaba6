import { z } from 'zod';

export const IMAGE_TYPES = ['webp', 'jpeg'] as const;
export type ImageType = (typeof IMAGE_TYPES)[number];

/** Digits of a digest that an address has. */
export const HASH_LENGTH = 32;

export const imageHash = z
  .string()
  .regex(new RegExp(`^[\\da-f]{${HASH_LENGTH}}$`), `must have ${HASH_LENGTH} hexadecimal digits`);

/** A picture as those that show it refer to it; without a name in the document, where a reference cannot be null. */
export const image = z.strictObject({
  hash: imageHash.describe('Read the picture with GET /images/{hash}'),
  width: z.int().describe('Pixels of the largest size'),
  height: z.int(),
  widths: z.array(z.int()).describe('Widths in which it is kept as WebP, from the smallest'),
});
export type Image = z.infer<typeof image>;

export const IMAGE_EXAMPLE: Image = {
  hash: '9f86d081884c7d659a2feaa0c55ad015',
  width: 1600,
  height: 900,
  widths: [320, 640, 960, 1280, 1600],
};

export const imageQuery = z.strictObject({
  width: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe('The smallest size at least as wide is the answer, or the largest there is'),
  type: z
    .enum(IMAGE_TYPES)
    .default('webp')
    .describe('jpeg is kept in few sizes, for mails and printed pages'),
});
export type ImageQuery = z.infer<typeof imageQuery>;
