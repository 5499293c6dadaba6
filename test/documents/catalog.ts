import type pg from 'pg';

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
}

/** From a table's columns to a table. `key`: whether PostgreSQL guards it, or only the code does. */
export interface Link {
  readonly columns: readonly string[];
  readonly to: string;
  readonly key: boolean;
}

export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly primary: readonly string[];
  /** Columns that are unique together. */
  readonly unique: readonly (readonly string[])[];
  readonly links: readonly Link[];
}

const TABLES = `
  SELECT c.relname AS name,
    (SELECT json_agg(json_build_object('name', a.attname, 'nullable', NOT a.attnotnull, 'type',
              CASE WHEN t.typelem <> 0 AND t.typlen = -1 THEN format_type(t.typelem, NULL) || '[]'
                   ELSE format_type(a.atttypid, a.atttypmod) END) ORDER BY a.attnum)
     FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
    coalesce((SELECT json_agg(json_build_object('primary', i.indisprimary, 'columns',
              (SELECT json_agg(attname ORDER BY array_position(i.indkey::int2[], attnum)) FROM pg_attribute
               WHERE attrelid = c.oid AND attnum = ANY (i.indkey::int2[]))))
     FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL), '[]') AS keys,
    coalesce((SELECT json_agg(json_build_object('to', k.confrelid::regclass::text, 'columns',
              (SELECT json_agg(attname ORDER BY array_position(k.conkey, attnum)) FROM pg_attribute
               WHERE attrelid = c.oid AND attnum = ANY (k.conkey))) ORDER BY k.conname)
     FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f'), '[]') AS foreign_keys
  FROM pg_class c
  WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'migrations'
  ORDER BY c.relname`;

interface Row {
  name: string;
  columns: Column[];
  keys: { primary: boolean; columns: string[] }[];
  foreign_keys: { to: string; columns: string[] }[];
}

/** All tables of a migrated database, by name. */
export async function readTables(db: Pick<pg.Client, 'query'>): Promise<Table[]> {
  const { rows } = await db.query<Row>(TABLES);
  const names = rows.map(({ name }) => name);
  const tables = rows.map(({ name, columns, keys, foreign_keys }): Table => {
    const guarded = foreign_keys.map((link) => ({ ...link, key: true }));
    return {
      name,
      columns,
      primary: keys.find(({ primary }) => primary)?.columns ?? [],
      unique: keys.filter(({ primary }) => !primary).map((key) => key.columns),
      links: [...guarded, ...linksById(name, columns, new Set(guarded.flatMap((l) => l.columns)), names)],
    };
  });
  return tables.map((table) => ({ ...table, links: withoutImplied(table, tables) }));
}

/** Columns `x_id` of type uuid that no foreign key guards lead to the table `x`, or to the only one whose name ends with `_x`. */
function linksById(
  table: string,
  columns: readonly Column[],
  guarded: ReadonlySet<string>,
  names: readonly string[],
): Link[] {
  return columns.flatMap(({ name, type }) => {
    const word = /^(\w+)_id$/.exec(name)?.[1];
    if (!word || type !== 'uuid' || guarded.has(name)) return [];
    const alike = names.filter((other) => other.endsWith(`_${word}`));
    const to = names.includes(word) ? word : alike.length === 1 ? alike[0]! : undefined;
    return to && to !== table ? [{ columns: [name], to, key: false }] : [];
  });
}

/** A link by id says nothing new where one that is never empty leads to a table with the same link: an item's event is its booking's. */
function withoutImplied({ name, columns, links }: Table, tables: readonly Table[]): Link[] {
  const of = (table: string) => tables.find((other) => other.name === table)!.links;
  const isEver = (link: Link) =>
    !columns.some((column) => link.columns.includes(column.name) && column.nullable);
  const others = (link: Link) =>
    links.filter((other) => other !== link && other.to !== name && isEver(other));
  const implies = (other: Link, link: Link) =>
    of(other.to).some(({ to, columns: own }) => to === link.to && own.includes(link.columns[0]!));
  return links.filter((link) => link.key || !others(link).some((other) => implies(other, link)));
}
