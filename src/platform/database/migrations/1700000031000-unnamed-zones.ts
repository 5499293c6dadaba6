import type { MigrationInterface, QueryRunner } from 'typeorm';

interface Zone {
  name?: string | null;
  rows: { seats: unknown[] }[];
}

/**
 * Plans from before say which zone has no name, as new ones do: the only one with seats that has none. In their layouts "Zone 1"
 * stands in for it; the documents of other plans, up to 7 MB each, are not read. They are read here, because PostgreSQL cannot
 * unescape all that a document may hold in members that nobody looks at.
 */
export class UnnamedZones1700000031000 implements MigrationInterface {
  readonly name = 'UnnamedZones1700000031000';

  async up(db: QueryRunner): Promise<void> {
    const plans: { id: string }[] = await db.query(
      `SELECT id FROM seating_plan WHERE strpos(layout::text, '"Zone ') > 0`,
    );
    const marks: [id: string, zone: number][] = [];
    for (const { id } of plans) {
      const [{ document }] = await db.query('SELECT document FROM seating_plan WHERE id = $1', [id]);
      const zone = unnamedZone(JSON.parse(document).zones);
      if (zone !== undefined) marks.push([id, zone]);
    }
    if (marks.length === 0) return;
    await db.query('ALTER TABLE seating_plan DISABLE TRIGGER seating_plan_immutable');
    for (const mark of marks)
      await db.query(
        `UPDATE seating_plan SET layout = (left(layout::text, -1) || ',"unnamed":' || $2::int || '}')::json WHERE id = $1`,
        mark,
      );
    await db.query('ALTER TABLE seating_plan ENABLE TRIGGER seating_plan_immutable');
  }

  /** The release before does not look at it. */
  async down(): Promise<void> {}
}

function unnamedZone(zones: Zone[]): number | undefined {
  const unnamed = zones.filter(
    ({ name, rows }) => !name?.trim() && rows.some(({ seats }) => seats.length > 0),
  );
  return unnamed.length === 1 ? zones.indexOf(unnamed[0]!) : undefined;
}
