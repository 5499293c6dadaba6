import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.service.js';
import { INVARIANTS } from './invariants.js';

/** Violations of one invariant: how many, and the first few to look at. */
export interface Finding {
  readonly invariant: string;
  readonly help: string;
  readonly violations: number;
  readonly examples: string[];
}

export interface Look {
  /** Seconds since 1970. */
  readonly at: number;
  readonly ageSeconds: number;
  /** How long it took. */
  readonly seconds: number;
  readonly findings: readonly Finding[];
}

const EXAMPLES = 5;

@Injectable()
export class AuditRepository {
  constructor(private readonly database: Database) {}

  /** Asks all invariants of one snapshot. */
  run(): Promise<Finding[]> {
    return this.database.longSnapshot(async (client) => {
      const findings: Finding[] = [];
      for (const { name, help, sql } of INVARIANTS) {
        const { rows } = await client.query<{ violations: string; examples: string[] | null }>(
          `SELECT count(*) AS violations, (array_agg(subject))[1:${EXAMPLES}] AS examples FROM (${sql}) found`,
        );
        findings.push({
          invariant: name,
          help,
          violations: Number(rows[0]!.violations),
          examples: rows[0]!.examples ?? [],
        });
      }
      return findings;
    });
  }

  /** As the last look of the whole installation, in place of the one before. */
  async keep(findings: readonly Finding[], seconds: number): Promise<void> {
    await this.database.statement(
      'audit.keep',
      `INSERT INTO audit_look AS l (one, at, seconds, findings) VALUES (true, clock_timestamp(), $1, $2)
       ON CONFLICT (one) DO UPDATE SET at = excluded.at, seconds = excluded.seconds, findings = excluded.findings`,
      [seconds, JSON.stringify(findings)],
    );
  }

  /** Undefined when nobody has looked yet. */
  async last(): Promise<Look | undefined> {
    const [row] = await this.database.statement<Look & Record<string, unknown>>(
      'audit.last',
      `SELECT extract(epoch FROM at)::float8 AS at, seconds, findings,
              extract(epoch FROM clock_timestamp() - at)::float8 AS "ageSeconds" FROM audit_look`,
    );
    return row;
  }
}
