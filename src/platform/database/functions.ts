import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { QueryRunner } from 'typeorm';
import { DIST } from '../common/paths.js';
import { SEAT } from '../common/seat-states.js';
import { HOLD_OUTCOMES } from './hold-outcomes.js';

const FUNCTIONS = join(DIST, 'src', 'platform', 'database', 'functions');

const CONSTANTS = new Map<string, string | number>([
  ...Object.entries(SEAT).map(([name, value]) => [`SEAT_${name}`, value] as const),
  ...HOLD_OUTCOMES.map((word, number) => [`OUTCOME_${word.toUpperCase()}`, number] as const),
]);

/**
 * Creates functions from `functions/<area>/<name>.sql`, in this order, with the triggers that call them.
 * @param values of constants that only these functions have
 */
export async function createFunctions(
  db: QueryRunner,
  area: string,
  names: readonly string[],
  values: Record<string, string> = {},
): Promise<void> {
  for (const name of names) await db.query(expand(await textOf(area, name), values));
}

/** Gives functions that are there already, and their triggers, their text of today; arguments and results stay. */
export async function mendFunctions(db: QueryRunner, area: string, names: readonly string[]): Promise<void> {
  for (const name of names)
    await db.query(
      expand((await textOf(area, name)).replace(/^CREATE (FUNCTION|TRIGGER)/gm, 'CREATE OR REPLACE $1')),
    );
}

const textOf = (area: string, name: string): Promise<string> =>
  readFile(join(FUNCTIONS, area, `${name}.sql`), 'utf8');

/** Puts values in the place of constants, such as `:SEAT_HELD`, so that a call costs what it would with plain numbers. */
export const expand = (sql: string, values: Record<string, string> = {}): string =>
  sql.replaceAll(/:([A-Z][A-Z_]*)/g, (_, name: string) => {
    const value = values[name] ?? CONSTANTS.get(name);
    if (value === undefined) throw new Error(`SQL names a constant that does not exist: ${name}`);
    return String(value);
  });
