import { DefaultNamingStrategy, type ValueTransformer } from 'typeorm';

/** Amounts are far below 2^53; the driver hands over `bigint` as text. */
export const numeric: ValueTransformer = {
  from: (value: unknown) => (typeof value === 'string' ? Number(value) : value),
  to: (value: unknown) => value,
};

/** `userId` in code is `user_id` in the database. */
export class ColumnNames extends DefaultNamingStrategy {
  override columnName(property: string, given: string): string {
    return given || property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  }
}
