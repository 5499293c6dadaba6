import { Link } from 'react-router';
import type { Schemas } from '../api.js';
import { useTranslation } from '../i18n/index.js';

const KINDS = ['checkout', 'cancellation', 'event_cancellation'] as const;
const STEPS = ['reserve', 'authorize', 'confirm', 'capture', 'tickets', 'refund', 'free', 'close'] as const;

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

/** Ways to the booking and the event of a background job. */
export function JobLinks({ saga }: { saga: Pick<Schemas['Saga'], 'kind' | 'subjectId' | 'eventId'> }) {
  const { t } = useTranslation();
  const { kind, subjectId, eventId } = saga;
  return (
    <div className="row small">
      {kind !== 'event_cancellation' && <Link to={`/bookings/${subjectId}`}>{t('operator.booking')}</Link>}
      {eventId && <Link to={`/desk/events/${eventId}`}>{t('operator.event')}</Link>}
    </div>
  );
}
