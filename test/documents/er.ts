import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Column, Link, Table } from './catalog.js';

const MIGRATIONS = 'src/platform/database/migrations';

/** Chapters and the migrations whose tables they show; a migration that is named nowhere has a chapter of its own. */
const CHAPTERS: Record<string, string[]> = {
  'Accounts, and what people with power did': ['accounts', 'acts'],
  'The house': ['house', 'organisation_house'],
  'Venues and events': ['venues', 'events', 'images'],
  'Inventory and bookings': ['inventory', 'feed-salt'],
  Payments: ['payments'],
  Tickets: ['tickets', 'gates'],
  Waitlist: ['waitlist'],
  Sagas: ['sagas'],
  'Notifications and mail': ['notifications'],
  Webhooks: ['webhooks'],
  'Facts, jobs and audits': ['foundation', 'seals', 'operations'],
};

const SHORT: Record<string, string> = {
  integer: 'int',
  'timestamp with time zone': 'timestamptz',
  'double precision': 'double',
  'character varying': 'varchar',
};

/** `docs/ER.md`, written by `npm run docs:er`. */
export function erDocument(tables: readonly Table[]): string {
  const chapters = chaptersOf(tables);
  const links = tables.flatMap((table) => table.links);
  return `# Tables

Made from the catalog of a migrated database by \`npm run docs:er\`: ${tables.length} tables, ${links.filter(({ key }) => key).length} foreign keys.
A solid line is a foreign key. A dotted one is a link by id that only the code keeps: a column \`x_id\` names the table \`x\`, or
the only one that ends with \`_x\`; it is left out where another line, one that is never empty, implies it. Features are linked by ids, so
that hot tables need not look into others for each row. Tables of other chapters are drawn without columns. \`PK\`, \`FK\`, \`UK\`: primary,
foreign, unique key; "null": may be empty. How long rows are kept: [DATABASE.md](DATABASE.md).

${[...chapters].map(([title, own]) => chapter(title, own)).join('\n')}`;
}

function chapter(title: string, tables: readonly Table[]): string {
  const lines = [
    ...tables.flatMap(({ name, links }) => links.map((link) => drawn(name, link, tables))),
    ...tables.flatMap(entity),
  ];
  return `## ${title}\n\n\`\`\`mermaid\nerDiagram\n${lines.map((line) => `  ${line}`).join('\n')}\n\`\`\`\n`;
}

function drawn(from: string, { columns, to, key }: Link, tables: readonly Table[]): string {
  const table = tables.find(({ name }) => name === from)!;
  const isNullable = table.columns.some(({ name, nullable }) => columns.includes(name) && nullable);
  const isUnique = [table.primary, ...table.unique].some(
    (unique) => unique.length > 0 && unique.every((column) => columns.includes(column)),
  );
  return `${to} ${isNullable ? '|o' : '||'}${key ? '--' : '..'}${isUnique ? 'o|' : 'o{'} ${from} : "${columns.join(', ')}"`;
}

function entity({ name, columns, primary, unique, links }: Table): string[] {
  const isForeign = (column: string) => links.some((link) => link.key && link.columns.includes(column));
  const keys = (column: string) =>
    [
      primary.includes(column) && 'PK',
      isForeign(column) && 'FK',
      unique.some((key) => key.length === 1 && key[0] === column) && 'UK',
    ]
      .filter(Boolean)
      .join(', ');
  const line = (column: Column) =>
    [typeOf(column), column.name, keys(column.name), column.nullable && '"null"'].filter(Boolean).join(' ');
  return [`${name} {`, ...columns.map((column) => `  ${line(column)}`), '}'];
}

/** Mermaid takes no blanks in a type. */
const typeOf = ({ type }: Column): string =>
  Object.entries(SHORT)
    .reduce((name, [long, short]) => name.replace(long, short), type)
    .replaceAll(' ', '_');

function chaptersOf(tables: readonly Table[]): Map<string, Table[]> {
  const origin = originsOf();
  const titleOf = ({ name }: Table): string => {
    const migration = origin.get(name) ?? 'Other tables';
    return (
      Object.entries(CHAPTERS).find(([, migrations]) => migrations.includes(migration))?.[0] ?? migration
    );
  };
  const found = Map.groupBy(tables, titleOf);
  const titles = [...Object.keys(CHAPTERS), ...[...found.keys()].toSorted()];
  return new Map(titles.flatMap((title) => (found.has(title) ? [[title, found.get(title)!] as const] : [])));
}

/** The migration that makes each table: `accounts` of `1700000001000-accounts.ts`, `inventory` of the folder. */
function originsOf(): Map<string, string> {
  const origins = new Map<string, string>();
  for (const entry of readdirSync(MIGRATIONS, { recursive: true, encoding: 'utf8' })) {
    const path = join(MIGRATIONS, entry);
    if (!statSync(path).isFile()) continue;
    const name = entry.split(/[\\/]/)[0]!.replace(/^\d+-|\.ts$/g, '');
    for (const [, table] of readFileSync(path, 'utf8').matchAll(/CREATE TABLE (?:IF NOT EXISTS )?"?(\w+)/g))
      origins.set(table!, name);
  }
  return origins;
}
