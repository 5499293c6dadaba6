import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.service.js';

// Longer than any job takes; only after a crash does a job wait for it.
const LEASE = '10 minutes';

/** When each job of the whole installation is due, and who runs it now. */
@Injectable()
export class JobsRepository {
  constructor(private readonly database: Database) {}

  /** Takes the run that is due now, if there is one and nobody has it. Due a little early, since replicas jitter. */
  async take(name: string, seconds: number): Promise<boolean> {
    const taken = await this.database.statement(
      'job.take',
      `INSERT INTO job AS j (name, due_at, leased_until)
       VALUES ($1, clock_timestamp() + make_interval(secs => $2 * 0.8), clock_timestamp() + interval '${LEASE}')
       ON CONFLICT (name) DO UPDATE SET due_at = excluded.due_at, leased_until = excluded.leased_until
         WHERE j.due_at <= clock_timestamp() AND j.leased_until <= clock_timestamp()
       RETURNING true`,
      [name, seconds],
    );
    return taken.length > 0;
  }

  async finish(name: string): Promise<void> {
    await this.database.statement(
      'job.finish',
      'UPDATE job SET leased_until = clock_timestamp() WHERE name = $1',
      [name],
    );
  }
}
