import { type Encoding, encodingFor } from '../../platform/http/accept.js';
import { pack, type SerializedAnswer } from '../../platform/http/serialized-answer.js';
import type { EventMemory } from '../memory/inventory-memory.service.js';

export type StatesForm = 'json' | 'raw';

/** Seat states as clients read them. */
export interface SeatStates {
  readonly eventId: string;
  readonly epoch: string;
  readonly seq: number;
  readonly count: number;
  /** Base64 of 2 bits a seat. */
  readonly states: string;
  readonly sections: { name: string; free: number; held: number; booked: number; blocked: number }[];
  readonly areas: { area: string; capacity: number; held: number; booked: number }[];
  readonly prices: {
    version: number;
    categories: { category: string; price: number }[];
    areas: { area: string; price: number }[];
  };
}

export function statesOf(memory: EventMemory): SeatStates {
  const { eventId, epoch, seq, count, seats, areas } = memory;
  return {
    eventId,
    epoch,
    seq,
    count,
    states: memory.packed.toString('base64'),
    sections: seats.sections.map((name, section) => {
      const [free, held, booked, blocked] = memory.sectionCounts[section]!;
      return { name, free: free!, held: held!, booked: booked!, blocked: blocked! };
    }),
    areas: areas.map(({ name, capacity, held, booked }) => ({ area: name, capacity, held, booked })),
    prices: {
      version: memory.priceVersion,
      categories: priced(seats.categories, memory.categoryPrices).map(([category, price]) => ({
        category,
        price,
      })),
      areas: priced(
        areas.map(({ name }) => name),
        memory.areaPrices,
      ).map(([area, price]) => ({ area, price })),
    },
  };
}

function priced(names: readonly string[], prices: readonly (number | null)[]): [string, number][] {
  return names.flatMap((name, index) => {
    const price = prices[index] ?? null;
    return price === null ? [] : [[name, price]];
  });
}

/**
 * The states of one event at one `seq`, serialized when first asked for in a form and an encoding: a rush of readers
 * costs one serialization a change, not one a request.
 */
export class SerializedStates {
  readonly seq: number;
  private readonly priceVersion: number;
  private readonly forms = new Map<string, SerializedAnswer>();

  constructor(private readonly memory: EventMemory) {
    this.seq = memory.seq;
    this.priceVersion = memory.priceVersion;
  }

  isCurrent(): boolean {
    return this.seq === this.memory.seq && this.priceVersion === this.memory.priceVersion;
  }

  as(form: StatesForm, acceptEncoding: string | undefined): SerializedAnswer {
    const plain = this.forms.get(form) ?? this.serialize(form);
    const encoding = encodingFor(acceptEncoding, plain.body.length);
    if (encoding === 'identity') return plain;
    return this.forms.get(`${form}-${encoding}`) ?? this.encode(plain, form, encoding);
  }

  private serialize(form: StatesForm): SerializedAnswer {
    const { epoch, seq, priceVersion, count, packed } = this.memory;
    const json = form === 'json';
    const answer: SerializedAnswer = {
      type: json ? 'application/json; charset=utf-8' : 'application/octet-stream',
      // A copy: the memory goes on while the answer is being sent.
      body: json ? Buffer.from(JSON.stringify(statesOf(this.memory))) : Buffer.from(packed),
      encoding: 'identity',
      etag: `"${epoch}-${seq}-${priceVersion}-${form}"`,
      headers: {
        'Cache-Control': 'public, no-cache',
        ...(!json && { 'Seat-Epoch': epoch, 'Seat-Seq': `${seq}`, 'Seat-Count': `${count}` }),
      },
    };
    this.forms.set(form, answer);
    return answer;
  }

  private encode(plain: SerializedAnswer, form: StatesForm, encoding: Encoding): SerializedAnswer {
    const answer: SerializedAnswer = {
      ...plain,
      body: pack(plain.body, encoding),
      encoding,
      etag: `${plain.etag.slice(0, -1)}-${encoding}"`,
    };
    this.forms.set(`${form}-${encoding}`, answer);
    return answer;
  }
}
