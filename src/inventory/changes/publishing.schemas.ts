import { z } from 'zod';
import { eventBody } from '../../events/events.schemas.js';

const unique = (values: readonly number[]) => new Set(values).size === values.length;

export const seatList = z
  .strictObject({
    seats: z
      .array(z.int().min(0).max(1_000_000))
      .min(1)
      .max(1_000)
      .refine(unique, 'names a seat twice')
      .describe('Seat numbers n'),
  })
  .meta({ id: 'SeatList', examples: [{ seats: [100, 101, 102] }] });
export type SeatList = z.infer<typeof seatList>;

export const changedSeats = z
  .strictObject({ changed: z.int().describe('Seats that were not in that state before') })
  .meta({ id: 'ChangedSeats', examples: [{ changed: 3 }] });

const publishWarning = z
  .strictObject({
    code: z.literal('characters_not_printed'),
    where: z.enum(['title', 'venue', 'seats', 'areas']).describe('Text that has these characters'),
    characters: z.array(z.string()).describe('Each once; tickets show U+FFFD in their place'),
    detail: z.string(),
  })
  .meta({
    id: 'PublishWarning',
    example: {
      code: 'characters_not_printed',
      where: 'title',
      characters: ['ᠮ'],
      detail: 'These characters cannot be printed on tickets: ᠮ',
    },
  });
export type PublishWarning = z.infer<typeof publishWarning>;

export const publishedEvent = z
  .strictObject({
    ...eventBody.shape,
    warnings: z
      .array(publishWarning)
      .describe('Warnings for the organizer; the event is on sale all the same'),
  })
  .meta({ id: 'PublishedEvent', example: { ...(eventBody.meta()!.example as object), warnings: [] } });
