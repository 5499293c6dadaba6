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

const EXAMPLES = 5;

@Injectable()
export class AuditRepository {
  constructor(private readonly database: Database) {}

  /** Asks all invariants of one snapshot. */
  run(): Promise<Finding[]> {
    return this.database.snapshot(async (client) => {
      await client.query("SET LOCAL statement_timeout = '10min'");
      await client.query("SET LOCAL plan_cache_mode = 'auto'");
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
}
