import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.service.js';

export interface DatabaseState {
  readonly version: string;
  readonly applied: string[];
}

@Injectable()
export class HealthRepository {
  constructor(private readonly database: Database) {}

  /** One round trip. Errors: whatever keeps the database from answering. */
  async state(): Promise<DatabaseState> {
    const [row] = await this.database.statement<DatabaseState>(
      'health',
      `SELECT split_part(current_setting('server_version'), ' ', 1) AS version,
              (SELECT array_agg(name::text) FROM migrations) AS applied`,
    );
    return { version: row!.version, applied: row!.applied ?? [] };
  }

  connections(): { open: number; idle: number; waiting: number } {
    return this.database.connections();
  }
}
