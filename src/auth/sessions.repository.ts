import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.service.js';

@Injectable()
export class SessionsRepository {
  constructor(private readonly database: Database) {}

  /** Ids of the sessions revoked in the last seconds. */
  async revokedWithin(seconds: number): Promise<string[]> {
    const rows = await this.database.statement<{ id: string }>(
      'session-revoked-within',
      'SELECT id FROM session WHERE revoked_at > clock_timestamp() - make_interval(secs => $1)',
      [seconds],
    );
    return rows.map(({ id }) => id);
  }
}
