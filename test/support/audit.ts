import assert from 'node:assert/strict';
import { AuditService } from '../../src/audit/audit.service.js';
import type { TestApp } from './app.js';

/** Every invariant of the design holds in the database of this application. */
export async function assertAuditClean(app: TestApp): Promise<void> {
  const findings = await app.nest.get(AuditService).run();
  assert.deepEqual(
    findings.filter(({ violations }) => violations > 0),
    [],
  );
}
