import { pipeline, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';

export type Cell = string | number | null;

/** Numbers as JSON, and as lines of a table. */
export interface Report<Body = unknown> {
  readonly name: string;
  readonly body: Body;
  readonly columns: readonly string[];
  readonly rows: Iterable<readonly Cell[]>;
}

/** Spreadsheets take text that begins so for a formula; after an apostrophe they show it as it is. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

const inert = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

/**
 * RFC 4180, line by line. Spreadsheets read UTF-8 only after a byte order mark. Each text is made inert here, so that no
 * report can forget it; numbers stay numbers, also those below zero.
 */
export const toCsv = ({ columns, rows }: Report): Readable =>
  pipeline(
    Readable.from(rows),
    stringify({
      header: true,
      columns: [...columns],
      bom: true,
      record_delimiter: 'windows',
      cast: { string: inert },
      quoted_match: /[\r\n]/,
    }),
    () => {},
  );
