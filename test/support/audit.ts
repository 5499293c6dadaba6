import assert from 'node:assert/strict';
import { InvariantsService } from '../../src/operations/invariants/invariants.service.js';
import type { TestApp } from './app.js';

/** Every invariant of the design holds in the database of this application. */
export async function assertAuditClean(app: TestApp): Promise<void> {
  const findings = await app.nest.get(InvariantsService).run();
  assert.deepEqual(
    findings.filter(({ violations }) => violations > 0),
    [],
  );
}
