import type TS from 'typescript';
import { fromTools } from './tools-package.js';

/** A place that reads or writes a table. */
export interface TableUse {
  readonly file: string;
  /** `?`: the name is a hole of a template, so that nobody knows. */
  readonly table: string;
  readonly writes: boolean;
}

/** Files by path below `src/`. */
export type Sources = Readonly<Record<string, string>>;

const { default: ts } = await fromTools<{ default: typeof TS }>('typescript');

const KEYWORDS = /\b(FROM|JOIN|INTO|UPDATE|USING|COPY|TRUNCATE)\b/;
/** Words after which a comma names no other table. */
const LIST_ENDS = new Set(
  'WHERE GROUP ORDER LIMIT HAVING RETURNING UNION EXCEPT INTERSECT FOR SET SELECT VALUES LOOP THEN'.split(
    ' ',
  ),
);
const WRITING = new Set(['insert', 'update', 'delete', 'save', 'upsert', 'remove']);

/** Tables that migrations create; partitions are parts of theirs. */
export const tablesIn = (migrations: string): string[] =>
  [...migrations.matchAll(/CREATE TABLE (\w+)\b(?! PARTITION OF| \(LIKE)/g)].map(([, name]) => name!).sort();

type Entities = ReadonlyMap<string, string>;

/** All uses of tables in SQL, whose keywords are in capitals here, and of entities. */
export const tableUses = (sources: Sources, entities: Entities): TableUse[] =>
  Object.entries(sources).flatMap(([file, text]) =>
    (file.endsWith('.sql') ? usesInSql(text) : usesInCode(text, entities)).map((use) => ({ file, ...use })),
  );

type Use = Omit<TableUse, 'file'>;

/** Tables by the names of their entities. */
export const entitiesIn = (sources: Sources): Entities =>
  new Map(
    Object.values(sources).flatMap((text) =>
      [...text.matchAll(/@Entity\('(\w+)'\).*?export class (\w+)/gs)].map(
        ([, table, name]) => [name!, table!] as const,
      ),
    ),
  );

function usesInSql(sql: string): Use[] {
  const words = wordsOf(sql);
  const uses: Use[] = [];
  /** For each open bracket: whether a comma leads to one more table. */
  const lists = [false];
  // A piece of a statement may begin with what follows its FROM.
  let next: 'read' | 'write' | undefined = words.slice(1, 4).includes('JOIN') ? 'read' : undefined;
  words.forEach((word, index) => {
    const before = words[index - 1];
    if (next && /^([a-z]\w*|\?)$/.test(word)) uses.push({ table: word, writes: next === 'write' });
    if (word !== 'ONLY' && word !== 'LATERAL') next = undefined;
    if (word === '(') lists.push(false);
    else if (word === ')') lists.pop();
    else if (word === ';' || LIST_ENDS.has(word)) lists[lists.length - 1] = false;
    else if (word === ',') next = lists.at(-1) ? 'read' : undefined;
    else if (word === 'JOIN' || word === 'USING') next = 'read';
    else if (word === 'FROM') {
      next = before === 'DELETE' ? 'write' : 'read';
      lists[lists.length - 1] = true;
    } else if (word === 'INTO') next = before === 'INSERT' ? 'write' : undefined;
    else if (word === 'UPDATE') next = before === 'FOR' || before === 'DO' ? undefined : 'write';
    else if (word === 'COPY' || word === 'TRUNCATE') next = 'write';
  });
  return uses;
}

const wordsOf = (sql: string): string[] =>
  sql
    .replace(/--.*$/gm, '')
    .replace(/'(?:[^']|'')*'/g, "''")
    .match(/\w+(?:\.\w+)*|[(),;?]/g) ?? [];

function usesInCode(code: string, entities: Entities): Use[] {
  const uses: Use[] = [];
  const repositories = new Map<string, string>();
  const use = (table: string | undefined, writes: boolean) => table && uses.push({ table, writes });
  const visit = (node: TS.Node): void => {
    const text = textOf(node);
    if (text && KEYWORDS.test(text)) uses.push(...usesInSql(text));
    if (ts.isParameter(node)) {
      const [, entity = ''] = /^Repository<(\w+)>$/.exec(node.type?.getText() ?? '') ?? [];
      const table = entities.get(entity);
      if (table) repositories.set(`this.${node.name.getText()}`, table);
      use(table, false);
    }
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { expression: on, name } = node.expression;
      const writes = WRITING.has(name.text);
      use(entities.get(node.arguments[0]?.getText() ?? ''), writes);
      if (writes) use(repositories.get(on.getText()), true);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('', code, ts.ScriptTarget.Latest, true));
  return uses;
}

/** A string, with `?` where a template has a hole. */
function textOf(node: TS.Node): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }) => ` ? ${literal.text}`).join('');
}
