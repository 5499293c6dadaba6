const MINUTE = 60;
const HOUR = 60 * MINUTE;
/** Seconds after each failure: soon at first, since most failures are a restart; a day and a half in all. */
const PAUSES = [
  1,
  5,
  30,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  8 * HOUR,
  16 * HOUR,
];

/** Seconds until the next attempt after `attempts` failed ones; undefined when there is none. */
export const pauseAfter = (attempts: number): number | undefined => PAUSES[attempts - 1];

/**
 * Whether an SMTP server has said no for good: 5xx to the recipient or to the message. A 5xx at any other point (login,
 * sender) is about our settings, which an operator mends while the mail waits.
 */
export function isRefusal(error: { responseCode?: number; command?: string }): boolean {
  const { responseCode = 0, command = '' } = error;
  return responseCode >= 500 && responseCode < 600 && ['RCPT TO', 'DATA'].includes(command);
}

/** How long one attempt may take when the server answers each of its steps at the last moment. */
export const leaseSeconds = (timeoutMs: number): number => (timeoutMs / 1_000) * 12 + 30;
