import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.service.js';
import type { ProviderMessage } from '../providers/payment-providers.service.js';

export type ProviderEvent = Pick<ProviderMessage, 'id' | 'ref'>;

/** Messages of providers, each kept once. */
@Injectable()
export class ProviderEventsRepository {
  constructor(private readonly database: Database) {}

  /** @returns false when it came before */
  async add(provider: string, { id, type, ref }: ProviderMessage): Promise<boolean> {
    const rows = await this.database.statement(
      'provider_event.add',
      `INSERT INTO provider_event (provider, id, type, ref, handled_at)
       VALUES ($1, $2, $3, $4, CASE WHEN $4::text IS NULL THEN clock_timestamp() END)
       ON CONFLICT DO NOTHING RETURNING id`,
      [provider, id, type, ref],
    );
    return rows.length > 0;
  }

  async setHandled(provider: string, id: string): Promise<void> {
    await this.database.statement(
      'provider_event.handled',
      'UPDATE provider_event SET handled_at = clock_timestamp() WHERE provider = $1 AND id = $2',
      [provider, id],
    );
  }

  /** Those that nobody has handled within `seconds`, oldest first. */
  unhandled(provider: string, seconds: number, limit: number): Promise<ProviderEvent[]> {
    return this.database.statement<ProviderEvent & Record<string, unknown>>(
      'provider_event.unhandled',
      `SELECT id, ref FROM provider_event
       WHERE provider = $1 AND handled_at IS NULL AND received_at < clock_timestamp() - make_interval(secs => $2)
       ORDER BY received_at LIMIT $3`,
      [provider, seconds, limit],
    );
  }

  /** Providers repeat messages for days, not for months. @returns how many */
  async forgetOld(): Promise<number> {
    const rows = await this.database.statement(
      'provider_event.forget_old',
      `DELETE FROM provider_event
       WHERE received_at < clock_timestamp() - interval '90 days' AND handled_at IS NOT NULL RETURNING id`,
    );
    return rows.length;
  }
}
