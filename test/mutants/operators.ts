import { createHash } from 'node:crypto';

export interface Mutant {
  /** From what is changed, so that it stays the same while the rest of the function changes. */
  readonly id: string;
  readonly kind: string;
  readonly before: string;
  readonly after: string;
  readonly sql: string;
}

interface Edit {
  readonly kind: string;
  readonly from: number;
  readonly to: number;
  readonly put: string;
}

type Operator = (code: string, sql: string) => Edit[];

/** Words that end a condition at its own depth of brackets. */
const ENDS =
  /^(AND|OR|THEN|GROUP|ORDER|LIMIT|RETURNING|FOR|LOOP|UNION|EXCEPT|WHEN|ELSE|END|INTO|LEFT|JOIN|CROSS|ON|HAVING)\b/;

const BOUNDARIES: Record<string, string> = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' };

const COLUMNS: Record<string, string> = {
  held: 'booked',
  booked: 'held',
  sale_from: 'sale_until',
  sale_until: 'ends_at',
  ends_at: 'sale_until',
  expires_at: 'held_until',
  held_until: 'expires_at',
  max_per_booking: 'max_per_buyer',
  max_per_buyer: 'max_per_booking',
  category_prices: 'area_prices',
  area_prices: 'category_prices',
  min_quantity: 'quantity',
  v_seats: 'v_areas',
  v_areas: 'v_seats',
  v_now: 'v_lapsed_until',
  v_lapsed_until: 'v_now',
  p_now: 'p_lapsed',
  p_lapsed: 'p_now',
  v_keep: 'v_now',
  amount: 'price',
  min: 'max',
  max: 'min',
  least: 'greatest',
  greatest: 'least',
  true: 'false',
  false: 'true',
  v_taken: 'v_all',
  v_gone: 'v_unknown',
};

const WORDS = [
  ['held', 'paying', 'confirmed', 'cancelling', 'cancelled', 'released', 'expired'],
  ['published', 'completed'],
  ['waiting', 'offered', 'accepted', 'declined'],
  ['created', 'unknown', 'succeeded', 'refused'],
  ['authorized', 'captured', 'voiding'],
  ['running', 'compensating', 'stuck'],
  ['ok', 'not_found'],
  ['more', 'wait'],
];
const NEXT_WORD = new Map(
  WORDS.flatMap((words) => words.map((word, i) => [word, words[(i + 1) % words.length]!] as const)),
);

const NEXT_STATE: Record<string, string> = { FREE: 'HELD', HELD: 'BOOKED', BOOKED: 'HELD', BLOCKED: 'FREE' };

const matches = (
  text: string,
  pattern: RegExp,
  edit: (match: RegExpExecArray) => Omit<Edit, 'kind'> | undefined,
  kind: string,
) =>
  [...text.matchAll(pattern)].flatMap((match) => {
    const made = edit(match);
    return made ? [{ kind, ...made }] : [];
  });

const replaced = (match: RegExpExecArray, put: string, start = match.index, length = match[0].length) => ({
  from: start,
  to: start + length,
  put,
});

/** Where a condition that begins here ends. */
function endOfCondition(code: string, start: number): number {
  let depth = 0;
  for (let i = start; i < code.length; i++) {
    const c = code[i]!;
    if (c === '(' || c === '[') depth++;
    else if (c === ')' || c === ']') {
      if (depth === 0) return i;
      depth--;
    } else if (depth === 0) {
      if (c === ';' || c === ',') return i;
      if (/\W/.test(code[i - 1] ?? ' ') && ENDS.test(code.slice(i, i + 12))) return i;
    }
  }
  return code.length;
}

const OPERATORS: Operator[] = [
  (code) =>
    matches(
      code,
      /(?<![<>=:-])(<=|>=|<|>)(?![=>])/g,
      (match) => replaced(match, BOUNDARIES[match[0]]!),
      'boundary',
    ),
  (code) =>
    matches(
      code,
      /([+-]) (\d+)\b/g,
      (match) => replaced(match, `${match[1]} ${Number(match[2]) + 1}`),
      'boundary',
    ),
  (_, sql) =>
    matches(
      sql,
      /interval '(\d+) /g,
      (match) => replaced(match, `interval '${Number(match[1]) * 10} `),
      'boundary',
    ),
  (code) =>
    matches(
      code,
      /\sAND\s/g,
      (match) => {
        const before = code.slice(0, match.index);
        if (/BETWEEN\s+[\w.]+$/.test(before)) return undefined;
        const end = endOfCondition(code, match.index + match[0].length);
        return { from: match.index, to: end, put: ' ' };
      },
      'missing guard',
    ),
  (code) =>
    matches(
      code,
      /\bIF ([^;]*?) THEN(?= RETURN\b[^;]*; END IF;)/g,
      (match) => replaced(match, 'IF false THEN'),
      'missing guard',
    ),
  (code) =>
    matches(
      code,
      /\bPERFORM [^;]*;/g,
      (match) => (/FOR (UPDATE|SHARE)/.test(match[0]) ? undefined : replaced(match, 'NULL;')),
      'missing guard',
    ),
  (code) =>
    matches(
      code,
      /\b(EXIT|CONTINUE) WHEN [^;]*;/g,
      (match) => replaced(match, `${match[1]} WHEN false;`),
      'missing guard',
    ),
  (code) =>
    matches(
      code,
      /\b(IF|ELSIF) ([^;]*?) THEN(?=\n)/g,
      (match) => replaced(match, `${match[1]} false THEN`),
      'missing branch',
    ),
  (code) =>
    matches(
      code,
      /\bWHEN (?!false)([^;]*?) THEN/g,
      (match) => replaced(match, 'WHEN false THEN'),
      'missing branch',
    ),
  (code) =>
    matches(
      code,
      /\bNOT (?!IN\b|BETWEEN\b|NULL\b|FOUND\b)/g,
      (match) => replaced(match, ''),
      'missing branch',
    ),
  (code) =>
    matches(
      code,
      /(?<![:\w'])([a-z_]+)\b(?!')/g,
      (match) => {
        const other = COLUMNS[match[1]!];
        return other && Object.hasOwn(COLUMNS, match[1]!) ? replaced(match, other) : undefined;
      },
      'wrong column',
    ),
  (code) =>
    matches(
      code,
      /(\w) ([+-]) (?=[a-z])/g,
      (match) => replaced(match, `${match[1]} ${match[2] === '+' ? '-' : '+'} `),
      'wrong column',
    ),
  (code) =>
    matches(
      code,
      / ORDER BY [^();\n]*?(?=\)| LIMIT| FOR|\n|;)/g,
      (match) => replaced(match, ''),
      'wrong order',
    ),
  (code) =>
    matches(
      code,
      /ORDER BY [\w.]+( DESC)?/g,
      (match) => replaced(match, match[1] ? match[0].slice(0, -5) : `${match[0]} DESC`),
      'wrong order',
    ),
  (code) =>
    matches(
      code,
      /:SEAT_(\w+)/g,
      (match) => replaced(match, `:SEAT_${NEXT_STATE[match[1]!]}`),
      'wrong constant',
    ),
  (code) =>
    matches(
      code,
      /:OUTCOME_(\w+)/g,
      (match) => replaced(match, match[1] === 'SOLD_OUT' ? ':OUTCOME_AREA_FULL' : ':OUTCOME_SOLD_OUT'),
      'wrong constant',
    ),
  (_, sql) =>
    matches(
      sql,
      /'(\w+)'/g,
      (match) => {
        const other = NEXT_WORD.get(match[1]!);
        return other ? replaced(match, `'${other}'`) : undefined;
      },
      'wrong constant',
    ),
];

/** The same length, with blanks in the place of comments and texts. */
const masked = (sql: string): string =>
  sql.replace(/--[^\n]*|'(?:[^']|'')*'/g, (found) =>
    found.replace(/[^\n]/g, found.startsWith('--') ? ' ' : "'"),
  );

const withoutComments = (sql: string): string =>
  sql.replace(/--[^\n]*/g, (found) => ' '.repeat(found.length));

/** All plausible errors of one function, in their order. */
export function mutantsOf(name: string, text: string): Mutant[] {
  const begin = text.search(/^CREATE /m);
  const end = text.search(/^(-- [^\n]*\n)*CREATE TRIGGER/m);
  const sql = (end > begin ? text.slice(begin, end) : text.slice(begin)).replace(
    /^CREATE (OR REPLACE )?/,
    'CREATE OR REPLACE ',
  );
  const body = Math.max(sql.indexOf('AS $$'), sql.indexOf('RETURN'));
  const code = masked(sql);
  const plain = withoutComments(sql);
  const seen = new Map<string, number>();
  const edits = OPERATORS.flatMap((operator) => operator(code, plain)).filter(({ from }) => from > body);
  return edits
    .toSorted((a, b) => a.from - b.from || a.kind.localeCompare(b.kind))
    .map(({ kind, from, to, put }) => {
      const first = sql.lastIndexOf('\n', from) + 1;
      const last = sql.indexOf('\n', to);
      const before = sql.slice(first, last).trim();
      const after = `${sql.slice(first, from)}${put}${sql.slice(to, last)}`.trim();
      const key = `${name} ${kind} ${before} ${after}`;
      const turn = seen.get(key) ?? 0;
      seen.set(key, turn + 1);
      const id = createHash('sha256').update(`${key} ${turn}`).digest('hex').slice(0, 8);
      return { id, kind, before, after, sql: `${sql.slice(0, from)}${put}${sql.slice(to)}` };
    })
    .filter(({ before, after }) => before !== after);
}
