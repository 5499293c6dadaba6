import { encodingFor } from '../../platform/http/accept.js';
import { pack, type SerializedAnswer } from '../../platform/http/serialized-answer.js';
import type { Layout } from '../../venues/layout.js';
import type { SeatStates, StatesForm } from './serialized-states.js';

/** The seats of an event as they were at a moment. */
export interface PastSeats extends Pick<SeatStates, 'eventId' | 'epoch' | 'seq' | 'prices'> {
  readonly at: Date;
  /** State of each seat, by its number. */
  readonly states: Uint8Array;
  /** In the order of the plan. */
  readonly areas: readonly { readonly held: number; readonly booked: number }[];
  readonly layout: Layout;
}

/** Reader of past seat states. Errors: `event_not_on_sale`, `validation_failed`. */
export type PastSeatsReader = (eventId: string, at: Date) => Promise<PastSeats>;

/** Serialized for one person: nobody else may have it. */
export function serializePast(
  past: PastSeats,
  form: StatesForm,
  acceptEncoding: string | undefined,
): SerializedAnswer {
  const { eventId, epoch, seq, at, states, layout, prices } = past;
  const packed = Buffer.alloc(Math.ceil(states.length / 4));
  const sections = layout.sections.map((name) => ({ name, counts: [0, 0, 0, 0] }));
  states.forEach((state, n) => {
    packed[n >> 2]! |= state << ((n & 3) * 2);
    sections[layout.seats[n]!.section]!.counts[state]!++;
  });
  const json = form === 'json';
  const body = json
    ? Buffer.from(
        JSON.stringify({
          eventId,
          epoch,
          seq,
          count: states.length,
          states: packed.toString('base64'),
          sections: sections.map(({ name, counts: [free, held, booked, blocked] }) => ({
            name,
            free,
            held,
            booked,
            blocked,
          })),
          areas: past.areas.map((counts, area) => {
            const { name, capacity } = layout.areas[area]!;
            return { area: name, capacity, ...counts };
          }),
          prices,
          at: at.toISOString(),
        }),
      )
    : packed;
  const encoding = encodingFor(acceptEncoding, body.length);
  return {
    type: json ? 'application/json; charset=utf-8' : 'application/octet-stream',
    body: pack(body, encoding),
    encoding,
    etag: `"${epoch}-${at.getTime()}-${form}-${encoding}"`,
    headers: {
      'Cache-Control': 'private, no-store',
      ...(!json && {
        'Seat-Epoch': epoch,
        'Seat-Seq': `${seq}`,
        'Seat-Count': `${states.length}`,
        'Seat-At': at.toISOString(),
      }),
    },
  };
}
