import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { EventsService } from '../../events/events.service.js';
import type { Principal } from '../../platform/access/principal.js';
import { type Encoding, encodingFor } from '../../platform/http/accept.js';
import { digest, packWell, type SerializedAnswer } from '../../platform/http/serialized-answer.js';
import { PlansService } from '../../venues/plans.service.js';
import { InventoryMemoryService } from '../memory/inventory-memory.service.js';
import { type SeatMap, seatMapOf } from './seat-map.rules.js';

export type { SeatMap } from './seat-map.rules.js';

/** A map of 50,000 seats is about 2 MB, compressed a tenth of it. */
const MAPS_KEPT = 16;
/** The map of a published event never changes; that of a draft follows its plan, and not everybody may see it. */
const FOREVER = 'public, max-age=31536000, immutable';
const PRIVATE = 'private, no-cache';

interface Wanted {
  readonly planId: string;
  readonly labels: boolean;
}

/** The geometry of an event's seats, serialized once per plan and encoding, with the labels of the seats and without. */
@Injectable()
export class SeatMapService {
  private readonly maps = new LRUCache<string, Buffer, Wanted>({
    max: MAPS_KEPT,
    fetchMethod: (_key, _stale, { context }) => this.serialize(context),
  });
  private readonly encoded = new LRUCache<string, { body: Buffer; etag: string }, Buffer>({
    max: 3 * MAPS_KEPT,
    fetchMethod: async (key, _stale, { context }) => {
      const body = await packWell(context, key.split(' ')[1] as Encoding);
      return { body, etag: `"${digest(body)}"` };
    },
  });

  constructor(
    private readonly inventories: InventoryMemoryService,
    private readonly events: EventsService,
    private readonly plans: PlansService,
  ) {}

  /** @param labels whether those of the seats are in it. Errors: `not_found`, also for a draft or sandbox event of others. */
  async map(
    user: Principal | undefined,
    eventId: string,
    labels: boolean,
    acceptEncoding: string | undefined,
  ): Promise<SerializedAnswer> {
    const memory = await this.inventories.open(eventId);
    const isPublic = memory !== undefined && !memory.sandbox;
    const { planId } = isPublic ? memory : await this.events.findVisible(user, eventId);
    const key = `${planId}:${labels}`;
    const plain = (await this.maps.fetch(key, { context: { planId, labels } }))!;
    const encoding = encodingFor(acceptEncoding, plain.length);
    const { body, etag } = (await this.encoded.fetch(`${key} ${encoding}`, { context: plain }))!;
    return {
      type: 'application/json; charset=utf-8',
      body,
      encoding,
      etag,
      headers: { 'Cache-Control': isPublic ? FOREVER : PRIVATE },
    };
  }

  private async serialize({ planId, labels }: Wanted): Promise<Buffer> {
    const map: SeatMap = seatMapOf(planId, await this.plans.layout(planId), labels);
    return Buffer.from(JSON.stringify(map));
  }
}
