import { z } from 'zod';

/**
 * The seating-plan JSON of pretix, in the two forms found in the wild: the older public schema (areas with width,
 * height and a plain text) and the exports of the editor (shaped areas, text objects, uuids). Fields that are not
 * named here are kept and not looked at.
 */

const FARTHEST = 10_000_000;
const coordinate = z.number('must be a finite number').min(-FARTHEST).max(FARTHEST);
const size = z.number('must be a finite number').positive().max(FARTHEST);
const point = z.looseObject({ x: coordinate, y: coordinate });

/** Control characters and halves of surrogate pairs can be neither stored as jsonb nor shown. */
const clean = (max: number) =>
  z
    .string()
    .max(max)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is refused
    .regex(/^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/, 'must not contain control characters')
    .refine((value) => value.isWellFormed(), 'must be well-formed Unicode');
const named = (max: number) => clean(max).refine((value) => value.trim() !== '', 'must not be empty');

const seat = z.looseObject({
  seat_guid: named(200),
  seat_number: clean(50),
  position: point,
  category: clean(200),
  uuid: z.string().optional(),
  radius: size.nullish(),
  start_direction: z.string().nullish(),
});

const row = z.looseObject({
  row_number: clean(50),
  row_label: clean(200).nullish(),
  seat_label: clean(200).nullish(),
  row_number_position: z.string().nullish(),
  position: point.nullish(),
  seats: z.array(seat),
});

const caption = z.looseObject({
  text: clean(2_000),
  position: point.nullish(),
  color: z.string().nullish(),
  size: size.nullish(),
});

const area = z
  .looseObject({
    shape: z.enum(['rectangle', 'circle', 'ellipse', 'polygon', 'text']).nullish(),
    position: point.nullish(),
    rotation: z.number('must be a finite number').nullish(),
    color: z.string().nullish(),
    border_color: z.string().nullish(),
    text: z.union([clean(2_000), caption], 'must be a text or an object with a text').nullish(),
    width: size.nullish(),
    height: size.nullish(),
    rectangle: z.looseObject({ width: size, height: size }).nullish(),
    circle: z.looseObject({ radius: size }).nullish(),
    ellipse: z.looseObject({ radius: z.looseObject({ x: size, y: size }) }).nullish(),
    polygon: z.looseObject({ points: z.array(point).min(3).max(10_000) }).nullish(),
  })
  .superRefine((value, context) => {
    const missing = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (!value.shape) {
      if (!value.width) missing('width', 'is needed where there is no shape');
      if (!value.height) missing('height', 'is needed where there is no shape');
    } else if (!value[value.shape]) missing(value.shape, `is needed by the shape "${value.shape}"`);
  });

const zone = z.looseObject({
  name: clean(200).nullish(),
  zone_id: z.string().nullish(),
  position: point,
  rows: z.array(row),
  areas: z.array(area).nullish(),
});

export const seatingPlanDocument = z.looseObject({
  name: named(200),
  categories: z.array(z.looseObject({ name: named(200), color: z.string().nullish() })),
  zones: z.array(zone),
  size: z.looseObject({ width: size, height: size }).nullish(),
});
export type SeatingPlanDocument = z.infer<typeof seatingPlanDocument>;
export type Zone = z.infer<typeof zone>;
export type Row = z.infer<typeof row>;
export type Area = z.infer<typeof area>;
