import { z } from 'zod';
import { DomainError } from './domain-error.js';
import { brokenTexts } from './text.rules.js';

/** A list page: `next` is the cursor of the following page or null, `total` is given where it is cheap. */
export interface Page<T> {
  data: T[];
  next: string | null;
  total?: number;
}

/** Page that a request asks for. */
export interface PageQuery {
  readonly limit: number;
  readonly cursor?: string;
}

/** Values that an entry has in the columns by which its list is sorted. */
type SortKey = readonly (string | number | null)[];

/**
 * One page of a list, or `invalid_cursor`.
 *
 * @param key schema of the sort key as a cursor must have it
 * @param read gives up to `count` entries after the one with the sort key `after`
 */
export async function readPage<Key extends SortKey, Row>(
  { limit, cursor }: PageQuery,
  key: z.ZodType<Key>,
  keyOf: (row: Row) => Key,
  read: (count: number, after: Key | undefined) => Promise<Row[]>,
): Promise<Page<Row>> {
  const after = cursor === undefined ? undefined : decodeCursor(cursor, key);
  return toPage(await read(limit + 1, after), limit, keyOf);
}

/** Reads pages of lists that are sorted by one column without two equal values. */
export const pagesBy =
  <Column extends string>(column: Column, key: z.ZodType<string>) =>
  <Row extends Record<Column, string>>(
    query: PageQuery,
    read: (count: number, after: string | null) => Promise<Row[]>,
  ): Promise<Page<Row>> =>
    readPage<[string], Row>(
      query,
      z.tuple([key]),
      (row) => [row[column]],
      (count, after) => read(count, after?.[0] ?? null),
    );

export const readPageById = pagesBy('id', z.uuid());

/** A bigint as PostgreSQL writes it. */
export const bigintText = z.string().regex(/^\d{1,18}$/);

/** @param rows one more than `limit` where another page follows */
export function toPage<Row>(rows: readonly Row[], limit: number, keyOf: (row: Row) => SortKey): Page<Row> {
  const data = rows.slice(0, limit);
  return { data, next: rows.length > limit ? encodeCursor(keyOf(data.at(-1)!)) : null };
}

/** Cursors are opaque to clients: base64url of the sort key of the last entry. */
const encodeCursor = (key: SortKey): string => Buffer.from(JSON.stringify(key)).toString('base64url');

/** Reads a cursor back against the schema of its sort key; anything else is `invalid_cursor`. */
export function decodeCursor<Key>(cursor: string, key: z.ZodType<Key>): Key {
  try {
    const parsed = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (brokenTexts(parsed).length === 0) return key.parse(parsed);
  } catch {
    // The error is thrown below.
  }
  throw new DomainError('invalid_cursor');
}
