import type { Geometry } from '@evently/client';
import { seatMapOf } from '../../../../src/inventory/seat-map/seat-map.rules.js';
import { buildLayout } from '../../../../src/venues/layout.rules.js';
import type { Schemas } from '../../api.js';

export type Area = Required<Schemas['NewSeatingPlan']>['areas'][number];

/** Plan to import, as far as the files give it. */
export interface PlanDraft {
  readonly plan: Schemas['SeatingPlanDocument'];
  readonly accessible: readonly string[];
  readonly areas: readonly Area[];
}

type Found = Record<string, unknown>;
const isList = Array.isArray;

/**
 * Reads a plan as pretix and its editor write it, or as this API exports it, with the accessible seats and areas; these
 * may also be in a second file. Errors: `SyntaxError` where a file is no JSON; `undefined` when none of them has a
 * plan.
 */
export async function readPlan(files: Iterable<File>): Promise<PlanDraft | undefined> {
  const found: Found = {};
  for (const file of files) {
    const document = JSON.parse(await file.text()) as Found;
    if (document.zones || document.categories) found.plan = document;
    else Object.assign(found, document);
  }
  const { plan, accessible, accessible_seat_guids, areas, general_admission } = found;
  if (typeof plan !== 'object' || plan === null) return undefined;
  return {
    plan: plan as PlanDraft['plan'],
    accessible: (isList(accessible)
      ? accessible
      : isList(accessible_seat_guids)
        ? accessible_seat_guids
        : []) as string[],
    areas: (isList(areas) ? areas : isList(general_admission) ? general_admission : []) as Area[],
  };
}

interface Preview {
  readonly geometry: Geometry;
  /** `seat_guid` by seat number. */
  readonly guids: readonly string[];
}

/** How the server would lay it out; undefined where it is too broken to be drawn. */
export function previewOf(plan: PlanDraft['plan']): Preview | undefined {
  try {
    const layout = buildLayout(plan as never, [], []);
    const drawable = layout.seats.every(
      ({ x, y, category }) => Number.isFinite(x) && Number.isFinite(y) && category !== undefined,
    );
    if (!drawable) return undefined;
    return {
      geometry: seatMapOf('', layout, false) as unknown as Geometry,
      guids: layout.seats.map(({ guid }) => guid),
    };
  } catch {
    return undefined;
  }
}
