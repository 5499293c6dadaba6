import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, Not, Raw, Repository } from 'typeorm';
import { now } from '../../platform/database/clock.js';
import type { ProviderMessage } from '../providers/payment-providers.service.js';
import { ProviderEventEntity } from './provider-event.entity.js';

const olderThan = (seconds: number) =>
  Raw((column) => `${column} < clock_timestamp() - make_interval(secs => :seconds)`, { seconds });

const KEPT_SECONDS = 90 * 86_400;

/** Messages of providers, each kept once. */
@Injectable()
export class ProviderEventsRepository {
  constructor(
    @InjectRepository(ProviderEventEntity) private readonly events: Repository<ProviderEventEntity>,
  ) {}

  /** @returns false when it came before */
  async add(provider: string, { id, type, ref }: ProviderMessage): Promise<boolean> {
    const { raw } = await this.events
      .createQueryBuilder()
      .insert()
      .values({ provider, id, type, ref, handledAt: ref === null ? now : null })
      .orIgnore()
      .returning('id')
      .execute();
    return raw.length > 0;
  }

  async setHandled(provider: string, id: string): Promise<void> {
    await this.events.update({ provider, id }, { handledAt: now });
  }

  /** Provider events that have not been handled within `seconds`, oldest first. */
  unhandled(provider: string, seconds: number, limit: number): Promise<ProviderEventEntity[]> {
    return this.events.find({
      where: { provider, handledAt: IsNull(), receivedAt: olderThan(seconds) },
      order: { receivedAt: 'ASC' },
      take: limit,
    });
  }

  /** Providers repeat messages for days, not for months. @returns how many */
  async forgetOld(): Promise<number> {
    const old = { receivedAt: olderThan(KEPT_SECONDS), handledAt: Not(IsNull()) };
    return (await this.events.delete(old)).affected ?? 0;
  }
}
