import { z } from 'zod';
import { PLAIN } from '../platform/common/schemas.js';
import { isVisible } from '../platform/common/text.rules.js';

/**
 * The seating-plan JSON of pretix, in the two forms found in the wild: the older public schema (areas with width,
 * height and a plain text) and the exports of the editor (shaped areas, text objects, uuids). Fields that are not
 * named here are kept and not looked at.
 */

export const OUTER_SPACE = 'must not begin or end with white space';
const FARTHEST = 10_000_000;
const coordinate = z.number('must be a finite number').min(-FARTHEST).max(FARTHEST);
const size = z.number('must be a finite number').positive().max(FARTHEST);
const point = z.looseObject({ x: coordinate, y: coordinate });

const clean = (max: number) => z.string().max(max).regex(PLAIN, 'must not contain control characters');
const named = (max: number) => clean(max).refine(isVisible, 'must have a visible character');
/** Category, the name that prices and wishes refer to; people type it. */
const category = named(200).refine((value) => value.trim() === value, OUTER_SPACE);

/**
 * The parts as they are checked: each by itself, its lists left to their own checks. zod hands the issues of a nested
 * list on as arguments of one call, which ends in a stack overflow from about 120,000 issues on.
 */
const listOf = <Part>() => z.array(z.custom<Part>());

export const seatPart = z.looseObject({
  seat_guid: named(200),
  seat_number: clean(50),
  position: point,
  category: clean(200),
  uuid: z.string().optional(),
  radius: size.nullish(),
  start_direction: z.string().nullish(),
});

export const rowPart = z.looseObject({
  row_number: clean(50),
  row_label: clean(200).nullish(),
  seat_label: clean(200).nullish(),
  row_number_position: z.string().nullish(),
  position: point.nullish(),
  seats: listOf<z.infer<typeof seatPart>>(),
});

const caption = z.looseObject({
  text: clean(2_000),
  position: point.nullish(),
  color: z.string().nullish(),
  size: size.nullish(),
});

export const areaPart = z
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

export const zonePart = z.looseObject({
  name: clean(200).nullish(),
  zone_id: z.string().nullish(),
  position: point,
  rows: listOf<Row>(),
  areas: listOf<Area>().nullish(),
});

export const planPart = z.looseObject({
  name: named(200),
  categories: z.array(z.looseObject({ name: category, color: z.string().nullish() })),
  zones: listOf<Zone>(),
  size: z.looseObject({ width: size, height: size }).nullish(),
});

export type Area = z.infer<typeof areaPart>;
export type Row = z.infer<typeof rowPart>;
export type Zone = z.infer<typeof zonePart>;
/** Document in which `checkPlan` has found no problem. */
export type SeatingPlanDocument = z.infer<typeof planPart>;
