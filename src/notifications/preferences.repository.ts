import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.service.js';
import type { Tx } from '../database/tx.js';
import type { Kind } from './notification.kinds.js';

export interface Preference {
  readonly kind: Kind;
  readonly inApp: boolean;
  readonly mail: boolean;
}

/** Where people have said something other than the default. */
@Injectable()
export class PreferencesRepository {
  constructor(private readonly database: Database) {}

  ofUser(userId: string): Promise<Preference[]> {
    return this.database.statement<Preference & Record<string, unknown>>(
      'notification_preference.of_user',
      'SELECT kind, in_app AS "inApp", mail FROM notification_preference WHERE user_id = $1',
      [userId],
    );
  }

  /** These and no others; nothing for an account that is gone. */
  async replace(tx: Tx, userId: string, preferences: readonly Preference[]): Promise<void> {
    await tx.query('DELETE FROM notification_preference WHERE user_id = $1', [userId]);
    await tx.query(
      `INSERT INTO notification_preference (user_id, kind, in_app, mail)
       SELECT u.id, p.kind, p."inApp", p.mail
       FROM app_user u, jsonb_to_recordset($2) AS p (kind text, "inApp" boolean, mail boolean)
       WHERE u.id = $1 AND u.deleted_at IS NULL FOR SHARE OF u`,
      [userId, JSON.stringify(preferences)],
    );
  }
}
