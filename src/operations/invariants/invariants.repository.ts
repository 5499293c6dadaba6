import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { now } from '../../platform/database/clock.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { AuditLookEntity } from './audit-look.entity.js';
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
export class InvariantsRepository {
  constructor(
    @InjectRepository(AuditLookEntity) private readonly looks: Repository<AuditLookEntity>,
    private readonly database: DatabaseService,
  ) {}

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

  /** Stores the findings as the last audit of the whole installation, replacing the one before. */
  async keep(findings: readonly Finding[], seconds: number): Promise<void> {
    await this.looks.upsert({ one: true, at: now, seconds, findings }, ['one']);
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
