import { type FindOperator, Raw } from 'typeorm';

/** The database's clock, the only one that all replicas share: as a value that is written, and as a condition. */
export const now = (): string => 'clock_timestamp()';

export const fromNow = (seconds: number) => (): string =>
  `clock_timestamp() + make_interval(secs => ${seconds})`;

export const past = (): FindOperator<Date> => Raw((column) => `${column} <= clock_timestamp()`);

export const within = (seconds: number): FindOperator<Date> =>
  Raw((column) => `${column} > clock_timestamp() - make_interval(secs => ${seconds})`);

export const toCome = (): FindOperator<Date> => Raw((column) => `${column} > clock_timestamp()`);
