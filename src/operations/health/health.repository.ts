import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../../platform/database/database.service.js';

export interface DatabaseState {
  readonly version: string;
  readonly applied: string[];
  /** SQLSTATE with which it refuses changes; null when it takes them. */
  readonly failure: string | null;
}

interface Row {
  readonly version: string;
  readonly applied: string[] | null;
  readonly readOnly: boolean;
}

const READ_ONLY = '25006';

@Injectable()
export class HealthRepository {
  constructor(private readonly database: DatabaseService) {}

  /** One round trip, two while changes fail. Errors: whatever keeps the database from answering. */
  async state(): Promise<DatabaseState> {
    const [row] = await this.database.statement<Row>(
      'health.check',
      `SELECT split_part(current_setting('server_version'), ' ', 1) AS version,
              current_setting('transaction_read_only') = 'on' AS "readOnly",
              (SELECT array_agg(name::text) FROM migrations) AS applied`,
    );
    const { version, applied, readOnly } = row!;
    const failure = readOnly ? READ_ONLY : ((await this.database.storageFailure()) ?? null);
    return { version, applied: applied ?? [], failure };
  }

  connections(): { open: number; idle: number; waiting: number } {
    return this.database.connections();
  }
}
