import { Link } from 'react-router';
import type { Schemas } from '../api.js';
import { useTranslation } from '../i18n/index.js';
import { EventLink } from './event-link.js';

const KINDS = ['checkout', 'cancellation', 'event_cancellation'] as const;
const STEPS = ['reserve', 'authorize', 'confirm', 'capture', 'tickets', 'refund', 'free', 'close'] as const;
const REASONS = [
  'refund_refused',
  'second_step',
  'capture_failed',
  'not_captured',
  'no_answer',
  'not_there_yet',
  'too_late',
  'given_up',
  'hold_expired',
  'event_ended',
  'event_cancelled',
  'payment_declined',
  'payment_not_collected',
  'declined_by_bank',
  'insufficient_funds',
  'unknown_card',
  'more_than_captured',
  'no_such_charge',
  'amount_not_supported',
] as const;
const OUTCOMES = ['done', 'more', 'again', 'wait', 'refused', 'stuck'] as const;

/** Name of a background job for people. */
export function JobName({ kind }: { kind: string }) {
  const { t } = useTranslation();
  const known = KINDS.find((name) => name === kind);
  return known ? t(`operator.jobs.${known}`) : kind;
}

export function StepName({ step }: { step: string | null }) {
  const { t } = useTranslation();
  const known = STEPS.find((name) => name === step);
  return known ? t(`operator.steps.${known}`) : (step ?? '–');
}

/** Cause of a failure or of a way back; codes of payment providers stay as they are. */
export function JobReason({ reason }: { reason: string }) {
  const { t } = useTranslation();
  const known = REASONS.find((name) => name === reason);
  return known ? t(`operator.reasons.${known}`) : reason;
}

export function StepOutcome({ outcome }: { outcome: string | null }) {
  const { t } = useTranslation();
  const known = OUTCOMES.find((name) => name === outcome);
  return known ? t(`operator.outcomes.${known}`) : (outcome ?? '…');
}

/** Ways to the booking and the event of a background job. */
export function JobLinks({ saga }: { saga: Pick<Schemas['Saga'], 'kind' | 'subjectId' | 'eventId'> }) {
  const { t } = useTranslation();
  const { kind, subjectId, eventId } = saga;
  return (
    <div className="row small">
      {kind !== 'event_cancellation' && <Link to={`/bookings/${subjectId}`}>{t('operator.booking')}</Link>}
      {eventId && <EventLink id={eventId} />}
    </div>
  );
}
