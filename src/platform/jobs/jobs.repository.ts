import { Injectable } from '@nestjs/common';
import { DatabaseService } from '../database/database.service.js';

/** How often the lease of a job that runs is to be renewed. */
export const RENEWAL_MS = 10_000;
// A job whose replica died waits for it.
const LEASE = '30 seconds';

/** When each job of the whole installation is due, and who runs it now. */
@Injectable()
export class JobsRepository {
  constructor(private readonly database: DatabaseService) {}

  /**
   * Takes the run that is due now, if there is one and nobody has it. Due a little early, since replicas jitter.
   * @returns a name of this run, by which its lease is renewed and ended
   */
  async take(name: string, seconds: number): Promise<string | undefined> {
    const [taken] = await this.database.statement<{ run: string }>(
      'job.take',
      `INSERT INTO job AS j (name, due_at, leased_until)
       VALUES ($1, clock_timestamp() + make_interval(secs => $2 * 0.8), clock_timestamp() + interval '${LEASE}')
       ON CONFLICT (name) DO UPDATE SET due_at = excluded.due_at, leased_until = excluded.leased_until
         WHERE j.due_at <= clock_timestamp() AND j.leased_until <= clock_timestamp()
       RETURNING due_at::text AS run`,
      [name, seconds],
    );
    return taken?.run;
  }

  async renew(name: string, run: string): Promise<void> {
    await this.database.statement(
      'job.renew',
      `UPDATE job SET leased_until = clock_timestamp() + interval '${LEASE}' WHERE name = $1 AND due_at = $2::timestamptz`,
      [name, run],
    );
  }

  /** One that was paused beyond its lease ends nothing of the run that another has begun. */
  async finish(name: string, run: string): Promise<void> {
    await this.database.statement(
      'job.finish',
      'UPDATE job SET leased_until = clock_timestamp() WHERE name = $1 AND due_at = $2::timestamptz',
      [name, run],
    );
  }
}
