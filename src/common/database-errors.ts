import { DomainError } from './domain-error.js';
import type { ErrorCode } from './error-codes.js';

/** Constraint names → the rule they guard. The database is the last guard; this is the one place that knows. */
const CONSTRAINTS: Record<string, ErrorCode> = {
  app_user_email: 'email_taken',
  booking_item_live_seat: 'seats_taken',
  area_within_capacity: 'area_full',
  event_venue: 'venue_in_use',
  event_plan: 'venue_in_use',
  fact_stream_version: 'version_mismatch',
};

const CONNECTION_LOST = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  // a standby was asked to write: the primary is elsewhere by now
  '25006',
  // a transaction stood still for too long, because the network did
  '25P03',
  '57P01',
  '57P02',
  '57P03',
  '57P05',
  '08006',
  '08003',
  '53300',
]);
const TRY_AGAIN = new Set(['40001', '40P01', '55P03', '57014']);

/** SQLSTATE or socket error code of a database error, whether it came through TypeORM or the driver. */
export function databaseErrorCode(thrown: unknown): string | undefined {
  const { code, driverError } = thrown as { code?: unknown; driverError?: { code?: unknown } };
  const found = driverError?.code ?? code;
  return typeof found === 'string' ? found : undefined;
}

/** Name of the constraint that refused a change. */
export function violatedConstraint(thrown: unknown): string | undefined {
  const { constraint, driverError } = thrown as {
    constraint?: string;
    driverError?: { constraint?: string };
  };
  // A partition's key has a name of its own.
  return (driverError?.constraint ?? constraint)?.replace(/^fact_\w+_stream_key\d*$/, 'fact_stream_version');
}

export function isConnectionError(thrown: unknown): boolean {
  const code = databaseErrorCode(thrown);
  if (code) return CONNECTION_LOST.has(code);
  return (
    thrown instanceof Error &&
    /connection terminated|timeout exceeded when trying to connect|query read timeout|is not queryable/i.test(
      thrown.message,
    )
  );
}

/** A timeout, a deadlock or a serialization failure: nothing has changed, and the same may succeed later. */
export const isPassing = (thrown: unknown): boolean => TRY_AGAIN.has(databaseErrorCode(thrown) ?? '');

export function translateDatabaseError(thrown: unknown): DomainError | undefined {
  const rule = CONSTRAINTS[violatedConstraint(thrown) ?? ''];
  if (rule) return new DomainError(rule);
  if (isConnectionError(thrown)) return new DomainError('database_unavailable', { retryAfter: 2 });
  if (isPassing(thrown)) return new DomainError('overloaded', { retryAfter: 1 });
  return undefined;
}
