import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { GrantsService } from '../auth/grants/grants.service.js';
import type { Image } from '../images/images.schemas.js';
import { ImagesService } from '../images/images.service.js';
import type { Permission } from '../platform/access/permissions.js';
import type { Principal } from '../platform/access/principal.js';
import { CallResult } from '../platform/common/call-result.js';
import { DomainError, type FieldError } from '../platform/common/domain-error.js';
import type { ErrorCode } from '../platform/common/error-codes.js';
import type { IdempotentCall } from '../platform/common/idempotent-call.js';
import { newId } from '../platform/common/ids.js';
import { isTimeZone } from '../platform/common/time-zones.js';
import { DatabaseService } from '../platform/database/database.service.js';
import { IdempotencyService } from '../platform/database/idempotency.service.js';
import type { Tx } from '../platform/database/tx.js';
import { FactsService } from '../platform/facts/facts.service.js';
import { PlansService } from '../venues/plans.service.js';
import { VenuesService } from '../venues/venues.service.js';
import {
  changedFields,
  dateProblems,
  type EventChanges,
  type EventRecord,
  editRefusal,
  type NamedTier,
  nameTier,
  type PriceTier,
  planExceedsCapacity,
  resolveTiers,
  withOnePicture,
} from './event.rules.js';
import { EventsRepository } from './events.repository.js';
import type { NewEvent } from './events.schemas.js';
import { ListingsRepository } from './listings.repository.js';

export { type EventRecord, markedTitle, type PriceTier } from './event.rules.js';
export type { RefundPolicy } from './refund-policy.schemas.js';

/** A hundred bytes each. */
const EVENTS_REMEMBERED = 10_000;

/** Events and their prices. Other features reach them by the id of an event. */
@Injectable()
export class EventsService {
  private readonly sandboxes = new LRUCache<string, boolean>({ max: EVENTS_REMEMBERED });

  constructor(
    private readonly database: DatabaseService,
    private readonly idempotency: IdempotencyService,
    private readonly events: EventsRepository,
    private readonly listings: ListingsRepository,
    private readonly venues: VenuesService,
    private readonly plans: PlansService,
    private readonly images: ImagesService,
    private readonly facts: FactsService,
    private readonly grants: GrantsService,
  ) {}

  /** Errors: `not_found`. */
  async find(id: string): Promise<EventRecord> {
    const event = await this.events.find(id);
    if (!event) throw new DomainError('not_found', { detail: 'There is no such event.' });
    return event;
  }

  /**
   * The event, if this person has the permission for it. Errors: `not_found`, also when it belongs to another
   * organisation, `permission_missing`, `key_of_other_kind`.
   */
  async findFor(user: Principal, permission: Permission, id: string): Promise<EventRecord> {
    const event = await this.find(id);
    const { organizerId: organisationId, sandbox } = event;
    const where = { organisationId, eventId: id, sandbox };
    this.grants.require(user, permission, where, 'There is no such event of yours.');
    return event;
  }

  /**
   * Throws `error`, or `event_cancelled` or `sale_paused` if `error` is only a consequence of that.
   */
  async refuse(id: string, error: unknown): Promise<never> {
    if (error instanceof DomainError && MAY_COME_OF_CALLING_OFF.has(error.code)) {
      const event = await this.find(id);
      refuseIfCancelled(event);
      if (error.code === 'sale_closed') refuseIfPaused(event);
    }
    throw error;
  }

  /**
   * The event, if this person may see it: drafts and sandbox events are for members of its organisation, a sandbox event
   * also for customers whose shop has made a session for it, with a test key.
   * Errors: `not_found`, `key_of_other_kind`.
   */
  async findVisible(user: Principal | undefined, id: string): Promise<EventRecord> {
    const event = await this.find(id);
    const { status, sandbox, organizerId } = event;
    if (status !== 'draft' && (!sandbox || user?.sale?.eventId === id)) return event;
    if (!(user && this.grants.belongs(user, organizerId, id)))
      throw new DomainError('not_found', { detail: 'There is no such event.' });
    this.grants.assertKind(user, sandbox);
    return event;
  }

  /** Whether it is a sandbox event, remembered, since that never changes. Errors: `not_found`. */
  async isSandbox(id: string): Promise<boolean> {
    const known = this.sandboxes.get(id);
    if (known !== undefined) return known;
    const { sandbox } = await this.find(id);
    this.sandboxes.set(id, sandbox);
    return sandbox;
  }

  /**
   * A draft; for a call seen before the one it made then, as it is now.
   * Errors: `unknown_venue`, `unknown_plan`, `plan_of_another_venue`, `plan_exceeds_capacity`, `invalid_dates`,
   * `invalid_price_tiers`, `unknown_image`, `key_of_other_kind`, and those of idempotency keys.
   */
  async create(
    user: Principal,
    { priceTiers, timezone, imageHash, ...fields }: NewEvent,
    call?: IdempotentCall,
  ): Promise<CallResult<EventRecord>> {
    const { sandbox } = fields;
    const organizerId = this.grants.acting(user, 'events', sandbox);
    if (priceTiers.length > 0) this.requirePrices(user, organizerId, sandbox);
    refuse('invalid_dates', dateProblems(fields, new Date(), fields));
    const venue = await this.stage(fields);
    const tiers = await this.tiers(fields.planId, priceTiers);
    const zone = timezone ?? venue.timezone;
    // A replica of the release before takes venues with others.
    if (!isTimeZone(zone)) refuse('validation_failed', [{ path: 'timezone', message: UNKNOWN_ZONE }]);
    const image = imageHash === null ? null : await this.knownImage(imageHash);
    const id = newId();
    const event = {
      ...fields,
      ...(image && { imageUrl: null }),
      image,
      timezone: zone,
      organizerId,
      status: 'draft' as const,
      version: 1,
      publishedAt: null,
    };
    const earlier = await this.database.transaction(async (tx) => {
      const made = await this.idempotency.begin(tx, call, id);
      if (made) return made;
      if (image) await this.images.use(tx, image.hash);
      await this.events.insert(tx, { id, ...event });
      await this.events.replaceTiers(tx, id, tiers);
      await this.listings.put(tx, id);
      await this.facts.append(tx, { ...about(id, user), type: 'event.created', data: toJson(event) });
      if (tiers.length > 0) await this.recordTiers(tx, id, user, tiers);
    });
    return new CallResult(await this.find(earlier ?? id), { replayed: earlier !== undefined });
  }

  /**
   * Errors: `not_found`, `version_mismatch`, `event_ended`, `plan_locked`, `locked_after_publish`, and those of
   * `create`.
   * @param before what has to be there for the change, in its transaction
   */
  async edit(
    user: Principal,
    id: string,
    version: number,
    wanted: EventChanges,
    before?: (tx: Tx) => Promise<void>,
  ): Promise<EventRecord> {
    const event = await this.findAt(user, 'events', id, version);
    const changes = changedFields(event, withOnePicture(wanted));
    if (Object.keys(changes).length === 0) return event;
    const refusal = editRefusal(event.status, changes);
    if (refusal) throw new DomainError(refusal.code, { errors: refusal.errors });
    const edited = { ...event, ...changes };
    refuse('invalid_dates', dateProblems(edited, new Date(), changes));
    // Checked only when venue or plan change: an event can be postponed even if the venue holds fewer people by now.
    if (changes.venueId || changes.planId) await this.stage(edited);
    const tiers = changes.planId && (await this.tiers(changes.planId, event.priceTiers.map(nameTier)));
    await this.database.transaction(async (tx) => {
      await before?.(tx);
      await this.update(tx, id, version, changes);
      if (tiers) await this.events.replaceTiers(tx, id, tiers);
      await this.listings.put(tx, id);
      await this.facts.append(tx, { ...about(id, user), type: 'event.updated', data: toJson(changes) });
      if (tiers && tiers.length > 0) await this.recordTiers(tx, id, user, tiers);
    });
    return this.find(id);
  }

  /** Errors: `not_found`, `not_a_draft`. */
  async delete(user: Principal, id: string): Promise<void> {
    await this.findFor(user, 'events', id);
    await this.database.transaction(async (tx) => {
      if (!(await this.events.deleteDraft(tx, id))) throw new DomainError('not_a_draft');
      await this.facts.append(tx, { ...about(id, user), type: 'event.deleted', data: {} });
    });
  }

  /**
   * Replaces all tiers. Held and booked seats and places keep their prices.
   * Errors: `not_found`, `version_mismatch`, `event_ended`, `price_tiers_required`, `invalid_price_tiers`.
   */
  async setPriceTiers(
    user: Principal,
    id: string,
    version: number,
    wanted: readonly NamedTier[],
  ): Promise<EventRecord> {
    const event = await this.findEditable(user, 'prices', id, version);
    if (wanted.length === 0 && event.status !== 'draft') throw new DomainError('price_tiers_required');
    const tiers = await this.tiers(event.planId, wanted);
    await this.database.transaction(async (tx) => {
      await this.update(tx, id, version, {});
      await this.events.replaceTiers(tx, id, tiers);
      await this.listings.put(tx, id);
      await this.recordTiers(tx, id, user, tiers);
    });
    return this.find(id);
  }

  /** The event, if this person may change it at this version. Errors: those of `edit` that do not depend on the change. */
  async findEditable(
    user: Principal,
    permission: Permission,
    id: string,
    version: number,
  ): Promise<EventRecord> {
    const event = await this.findAt(user, permission, id, version);
    const refusal = editRefusal(event.status, {});
    if (refusal) throw new DomainError(refusal.code);
    return event;
  }

  private async knownImage(hash: string): Promise<Image> {
    const image = await this.images.find(hash);
    if (!image)
      throw new DomainError('unknown_image', { errors: [{ path: 'imageHash', message: NAMES_NOTHING }] });
    return image;
  }

  private async findAt(
    user: Principal,
    permission: Permission,
    id: string,
    version: number,
  ): Promise<EventRecord> {
    const event = await this.findFor(user, permission, id);
    if (event.version !== version) throw new DomainError('version_mismatch');
    return event;
  }

  private requirePrices(user: Principal, organisationId: string, sandbox: boolean): void {
    const where = { organisationId, sandbox };
    this.grants.require(user, 'prices', where, 'There is no such organisation of yours.');
  }

  /**
   * Writes only if the event still has `version`, at which it was checked: success means that the check still holds.
   */
  private async update(tx: Tx, id: string, version: number, changes: EventChanges): Promise<void> {
    if (!(await this.events.update(tx, id, version, changes))) throw new DomainError('version_mismatch');
  }

  /** The venue of an event, if its plan belongs there and fits. */
  private async stage({ venueId, planId }: { venueId: string; planId: string }) {
    const venue = await orInvalid('unknown_venue', 'venueId', this.venues.find(venueId));
    const plan = await orInvalid('unknown_plan', 'planId', this.plans.plan(planId));
    if (plan.venueId !== venueId)
      throw new DomainError('plan_of_another_venue', {
        errors: [{ path: 'planId', message: 'is not of venueId' }],
      });
    if (plan.placeCount > venue.capacity)
      throw planExceedsCapacity({ places: plan.placeCount, capacity: venue.capacity });
    return venue;
  }

  private async tiers(planId: string, wanted: readonly NamedTier[]): Promise<PriceTier[]> {
    if (wanted.length === 0) return [];
    const { tiers, problems } = resolveTiers(wanted, await this.plans.layout(planId));
    refuse('invalid_price_tiers', problems);
    return tiers;
  }

  private recordTiers(tx: Tx, id: string, user: Principal, priceTiers: PriceTier[]): Promise<void> {
    return this.facts.append(tx, { ...about(id, user), type: 'event.price_tiers_set', data: { priceTiers } });
  }
}

const NAMES_NOTHING = 'names nothing that exists';
const UNKNOWN_ZONE = "must be given: the venue's is no IANA time zone";

/** Error codes that may follow from a cancelled event: the cancellation is then the cause that buyers should hear. */
const MAY_COME_OF_CALLING_OFF: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'event_ended',
  'event_not_on_sale',
  'sale_closed',
  'hold_expired',
  'not_held',
  'not_offered',
  'offer_expired',
]);

/** Errors: `event_cancelled` with `cancellationReason`, the organizer's words or null. */
export function refuseIfCancelled({
  status,
  cancellationReason,
}: Pick<EventRecord, 'status' | 'cancellationReason'>): void {
  if (status === 'cancelled')
    throw new DomainError('event_cancelled', {
      detail: cancellationReason ?? 'All payments for it are refunded.',
      extra: { cancellationReason },
    });
}

/** Errors: `sale_paused` with `salePauseReason`, the organizer's words or null. */
function refuseIfPaused({ salePausedAt, salePauseReason }: EventRecord): void {
  if (salePausedAt)
    throw new DomainError('sale_paused', {
      detail: salePauseReason ?? 'Places that are held already can be paid.',
      extra: { salePauseReason },
    });
}

const about = (id: string, user?: Principal) => ({
  stream: 'event',
  streamId: id,
  eventId: id,
  actor: user?.id,
});

const toJson = <T>(value: T) => JSON.parse(JSON.stringify(value));

function refuse(code: ErrorCode, errors: FieldError[]): void {
  if (errors.length > 0)
    throw new DomainError(code, { detail: `${errors[0]!.path}: ${errors[0]!.message}`, errors });
}

/** Turns `not_found` for an id in a body into an invalid value: the page itself is not missing. */
async function orInvalid<T>(code: ErrorCode, path: string, found: Promise<T>): Promise<T> {
  try {
    return await found;
  } catch (error) {
    if (!(error instanceof DomainError && error.code === 'not_found')) throw error;
    throw new DomainError(code, { errors: [{ path, message: NAMES_NOTHING }] });
  }
}
