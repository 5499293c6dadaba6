import { z } from 'zod';
import { minorUnits } from '../../platform/common/schemas.js';

const MOST_PLACES = 1_000;
const unique = (values: readonly unknown[]) => new Set(values).size === values.length;

/** Wish of a buyer: seats by number, places in areas, or the best seats for a group; any mix of them. */
export const newHold = z
  .strictObject({
    seats: z
      .array(z.int().min(0).max(1_000_000))
      .min(1)
      .max(MOST_PLACES)
      .refine(unique, 'names a seat twice')
      .optional()
      .describe('Seat numbers n'),
    areas: z
      .array(z.strictObject({ area: z.string().min(1).max(200), quantity: z.int().min(1).max(MOST_PLACES) }))
      .min(1)
      .max(50)
      .refine((areas) => unique(areas.map(({ area }) => area)), 'names an area twice')
      .optional()
      .describe('General-admission places by the name of the area'),
    best: z
      .strictObject({
        quantity: z.int().min(1).max(MOST_PLACES),
        categories: z.array(z.string().min(1).max(200)).min(1).max(100).optional(),
        accessible: z.boolean().optional().describe('Accessible seats only'),
        together: z
          .boolean()
          .optional()
          .describe('true: next to each other or not at all; absent: where possible'),
        maxPrice: minorUnits.optional().describe('Highest price of one seat'),
      })
      .optional()
      .describe('The best seats left for a group'),
  })
  .refine((hold) => hold.seats || hold.areas || hold.best, 'must name seats, areas or best')
  .meta({
    id: 'NewHold',
    examples: [
      { seats: [17, 18] },
      { areas: [{ area: 'Stehplatz', quantity: 2 }] },
      { best: { quantity: 4, together: true } },
    ],
  });

export type NewHold = z.infer<typeof newHold>;
