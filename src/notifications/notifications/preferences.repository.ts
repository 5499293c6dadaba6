import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { Tx } from '../../platform/database/tx.js';
import type { Kind } from './notification.kinds.js';
import { PreferenceEntity } from './preference.entity.js';

export type Preference = Omit<PreferenceEntity, 'userId'>;

/** Preferences that differ from the default. */
@Injectable()
export class PreferencesRepository {
  constructor(
    @InjectRepository(PreferenceEntity) private readonly preferences: Repository<PreferenceEntity>,
  ) {}

  ofUser(userId: string): Promise<Preference[]> {
    return this.preferences.findBy({ userId });
  }

  /** Replaces all preferences of a person; does nothing for an erased account. */
  async replace(tx: Tx, userId: string, preferences: readonly Preference[]): Promise<void> {
    await tx.delete(PreferenceEntity, { userId });
    await tx.query(
      `INSERT INTO notification_preference (user_id, kind, in_app, mail)
       SELECT u.id, p.kind, p."inApp", p.mail
       FROM app_user u, jsonb_to_recordset($2) AS p (kind text, "inApp" boolean, mail boolean)
       WHERE u.id = $1 AND u.deleted_at IS NULL FOR SHARE OF u`,
      [userId, JSON.stringify(preferences)],
    );
  }

  async stopMails(userIds: readonly string[], kinds: readonly Kind[]): Promise<void> {
    await this.preferences.upsert(
      userIds.flatMap((userId) => kinds.map((kind) => ({ userId, kind, inApp: true, mail: false }))),
      ['userId', 'kind'],
    );
  }
}
