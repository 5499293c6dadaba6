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
const FORMULA = /^[=+\-@\t\r＝＋－＠]/;

/** Text of people for a cell. */
export const inert = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

/** RFC 4180, line by line. */
export const toCsv = ({ columns, rows }: Report): Readable =>
  pipeline(Readable.from(rows), stringify({ header: true, columns: [...columns] }), () => {});
