import { z } from 'zod';
import { instant, uuid } from '../platform/common/schemas.js';

const document = z.looseObject({}).meta({
  id: 'SeatingPlanDocument',
  description:
    'A seating plan in the JSON format of pretix, of the public schema or as its editor exports it. Unknown fields are kept.',
  example: {
    name: 'Small hall',
    categories: [{ name: 'Stalls', color: '#1d3557' }],
    zones: [
      {
        name: 'Main',
        position: { x: 0, y: 0 },
        rows: [
          {
            row_number: '1',
            position: { x: 0, y: 0 },
            seats: [
              { seat_guid: 'M-1-1', seat_number: '1', position: { x: 20, y: 20 }, category: 'Stalls' },
              { seat_guid: 'M-1-2', seat_number: '2', position: { x: 44, y: 20 }, category: 'Stalls' },
            ],
          },
        ],
        areas: [],
      },
    ],
    size: { width: 200, height: 100 },
  },
});

// Lengths and ranges are checked with the plan, so that all problems come in one answer.
const area = z.strictObject({
  name: z.string().meta({ minLength: 1, maxLength: 100 }),
  capacity: z.number().meta({ minimum: 1, maximum: 1_000_000, multipleOf: 1 }),
});

const accessible = z.array(z.string()).max(100_000).describe('seat_guid of every accessible seat');
const areas = z.array(area).max(1_000).describe('General-admission areas: places without seats');

export const newPlan = z
  .strictObject({ plan: document, accessible: accessible.optional(), areas: areas.optional() })
  .meta({
    id: 'NewSeatingPlan',
    example: {
      plan: document.meta()?.example,
      accessible: ['M-1-1'],
      areas: [{ name: 'Standing', capacity: 248 }],
    },
  });
export type NewPlan = z.infer<typeof newPlan>;

const summaryExample = {
  id: '01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b49',
  venueId: '01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47',
  version: 1,
  name: 'Small hall',
  seatCount: 2,
  placeCount: 250,
  createdAt: '2026-06-01T08:00:00.000Z',
};

export const planSummary = z
  .object({
    id: uuid,
    venueId: uuid,
    version: z.int().describe('1, 2, 3 … within the venue'),
    name: z.string(),
    seatCount: z.int(),
    placeCount: z.int().describe('Seats and places of areas together'),
    createdAt: instant,
  })
  .meta({ id: 'SeatingPlan', example: summaryExample });
export type PlanSummary = z.infer<typeof planSummary>;

export const planList = z
  .object({ data: z.array(planSummary), next: z.null(), total: z.int() })
  .meta({ id: 'SeatingPlanList', example: { data: [summaryExample], next: null, total: 1 } });

export const planExport = planSummary.extend({ accessible, areas, plan: document }).meta({
  id: 'SeatingPlanExport',
  example: {
    ...summaryExample,
    accessible: ['M-1-1'],
    areas: [{ name: 'Standing', capacity: 248 }],
    plan: document.meta()?.example,
  },
});
