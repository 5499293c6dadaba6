import { z } from 'zod';

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
