import { DomainError } from './domain-error.js';
import type { ErrorCode } from './error-codes.js';

/** Constraint names → the rule they guard. The database is the last guard; this is the one place that knows. */
const CONSTRAINTS: Record<string, ErrorCode> = {
  app_user_email: 'email_taken',
  passkey_credential: 'passkey_known',
  identity_subject: 'identity_linked_elsewhere',
  identity_provider_issuer: 'identity_provider_exists',
  booking_item_live_seat: 'seats_taken',
  area_within_capacity: 'area_full',
  event_venue: 'venue_in_use',
  event_plan: 'venue_in_use',
  fact_stream_version: 'version_mismatch',
};

const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

const FATAL = new Set<string | undefined>(['FATAL', 'PANIC']);

/**
 * `unreachable`: the database cannot be asked, and calls under way may have taken effect. `failing`: PostgreSQL answers
 * but cannot work until an operator has helped. `busy`: the same call may succeed in a moment.
 */
type Inability = 'unreachable' | 'failing' | 'busy';

/**
 * All SQLSTATEs of PostgreSQL 18 (appendix A) that mean "not now", by code or else by class. Every other one is about
 * the statement: a rule that was broken, or a fault of ours.
 */
const NOT_NOW: Readonly<Record<string, Inability>> = {
  // connection_exception
  '08': 'unreachable',
  // read_only_sql_transaction: a standby was asked to write, the primary is elsewhere by now; or an operator forbade
  // changes
  '25006': 'unreachable',
  // idle_in_transaction_session_timeout, transaction_timeout: a transaction stood still, because the network did
  '25P03': 'unreachable',
  '25P04': 'unreachable',
  // invalid_authorization_specification, invalid_password: changed while we run
  '28000': 'unreachable',
  '28P01': 'unreachable',
  // invalid_catalog_name: the database is being replaced by a backup
  '3D000': 'unreachable',
  // transaction_rollback, serialization_failure, deadlock_detected
  '40000': 'busy',
  '40001': 'busy',
  '40P01': 'busy',
  // statement_completion_unknown
  '40003': 'unreachable',
  // insufficient_resources: disk_full and others
  '53': 'failing',
  // out_of_memory, configuration_limit_exceeded (temp_file_limit): of this statement, beside others
  '53200': 'busy',
  '53400': 'busy',
  // too_many_connections
  '53300': 'unreachable',
  // object_in_use, lock_not_available
  '55006': 'busy',
  '55P03': 'busy',
  // operator_intervention: admin_shutdown, crash_shutdown, cannot_connect_now, database_dropped, idle_session_timeout
  '57': 'unreachable',
  // query_canceled: the time of the statement was over
  '57014': 'busy',
  // system_error: io_error and others
  '58': 'failing',
  // snapshot_too_old, until PostgreSQL 16
  '72': 'busy',
  // config_file_error
  F0: 'failing',
  // data_corrupted, index_corrupted
  XX001: 'failing',
  XX002: 'failing',
};

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

/** Undefined where the statement is at fault, or something else failed. */
function inability(thrown: unknown): Inability | undefined {
  const code = databaseErrorCode(thrown);
  if (code === undefined) return isConnectionMessage(thrown) ? 'unreachable' : undefined;
  if (NETWORK.has(code)) return 'unreachable';
  if (!/^[0-9A-Z]{5}$/.test(code)) return undefined;
  // After FATAL and PANIC the connection is gone, whatever the reason.
  const { severity, driverError } = thrown as { severity?: string; driverError?: { severity?: string } };
  if (FATAL.has(driverError?.severity ?? severity)) return 'unreachable';
  return NOT_NOW[code] ?? NOT_NOW[code.slice(0, 2)];
}

const isConnectionMessage = (thrown: unknown): boolean =>
  thrown instanceof Error &&
  /connection terminated|timeout exceeded when trying to connect|query read timeout|is not queryable/i.test(
    thrown.message,
  );

export const isConnectionError = (thrown: unknown): boolean => inability(thrown) === 'unreachable';

/** A full or broken disk and its like: every change fails until somebody has helped. */
export const isFailing = (thrown: unknown): boolean => inability(thrown) === 'failing';

/** True when no request can be served, so that the failure says nothing about this one. */
export const isOutage = (thrown: unknown): boolean => isConnectionError(thrown) || isFailing(thrown);

/** True when the database reported that it cannot work now: nothing has changed, and no single request is at fault. */
export const isPassing = (thrown: unknown): boolean => isFailing(thrown) || inability(thrown) === 'busy';

export function translateDatabaseError(thrown: unknown): DomainError | undefined {
  const constraint = violatedConstraint(thrown);
  const rule = constraint && CONSTRAINTS[constraint];
  if (rule) return new DomainError(rule);
  switch (inability(thrown)) {
    case 'unreachable':
      return new DomainError('database_unavailable', { retryAfter: 2 });
    case 'failing':
      return new DomainError('database_failing', { retryAfter: 10 });
    case 'busy':
      return new DomainError('overloaded', { retryAfter: 1 });
    default:
      return undefined;
  }
}
