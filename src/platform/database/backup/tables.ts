import type pg from 'pg';
import type { BackupTable } from './backup-file.js';

const OWN = `c.relnamespace = 'public'::regnamespace AND c.relname <> 'migrations'`;

/** All tables of the application, those before that others refer to; partitions are part of theirs. */
export async function listTables(client: pg.ClientBase): Promise<BackupTable[]> {
  const { rows } = await client.query<BackupTable & { needs: string[] }>(`
    SELECT c.relname AS name,
           (SELECT array_agg(attname::text ORDER BY attnum) FROM pg_attribute
             WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '') AS columns,
           ARRAY(SELECT DISTINCT t.relname::text FROM pg_constraint k JOIN pg_class t ON t.oid = k.confrelid
                  WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.confrelid <> c.oid) AS needs
      FROM pg_class c WHERE ${OWN} AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY c.relname`);
  const sorted: BackupTable[] = [];
  const waiting = new Map(rows.map((row) => [row.name, row]));
  while (waiting.size > 0) {
    const free = [...waiting.values()].filter(({ needs }) => !needs.some((name) => waiting.has(name)));
    if (free.length === 0)
      throw new Error(`Tables refer to each other in a circle: ${[...waiting.keys()].join(', ')}`);
    for (const { name, columns } of free) {
      sorted.push({ name, columns });
      waiting.delete(name);
    }
  }
  return sorted;
}

/** Partitions too. */
export async function listStoredTables(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query(
    `SELECT c.relname AS name FROM pg_class c WHERE ${OWN} AND c.relkind IN ('r', 'p') ORDER BY c.relname`,
  );
  return rows.map(({ name }) => name);
}

/** Every number generator goes on after the highest number there is. */
export async function advanceSequences(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ sequence: string; name: string; attname: string }>(`
    SELECT pg_get_serial_sequence(quote_ident(c.relname), a.attname) AS sequence, c.relname AS name, a.attname
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE ${OWN} AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND pg_get_serial_sequence(quote_ident(c.relname), a.attname) IS NOT NULL`);
  for (const { sequence, name, attname } of rows)
    await client.query(
      `SELECT setval('${sequence}', coalesce(max("${attname}"), 0) + 1, false) FROM "${name}"`,
    );
}
