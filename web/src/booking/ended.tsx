import { useQuery } from '@tanstack/react-query';
import { Navigate } from 'react-router';
import type { Schemas } from '../api.js';
import { useTranslation } from '../i18n/index.js';
import { eventQuery } from '../shop/queries.js';
import { ButtonLink } from '../ui/button.js';
import { Blank, Skeleton } from '../ui/states.js';

/** Why nothing can be paid any more. */
export function Ended({ booking: { id, eventId, status, endReason } }: { booking: Schemas['Booking'] }) {
  const { t } = useTranslation();
  // Read anew: it may have been called off just now.
  const event = useQuery({ ...eventQuery(eventId), refetchOnMount: 'always' });
  // A booking that was paid and then cancelled is shown with its refund.
  const unpaid = status === 'released' || status === 'expired' || endReason === 'payment_not_collected';
  if (!(unpaid && endReason)) return <Navigate to={`/bookings/${id}`} replace />;
  if (!event.isFetchedAfterMount) return <Skeleton height="12rem" />;
  const calledOff = endReason === 'event_cancelled';
  const reason = calledOff && event.data?.cancellationReason;
  return (
    <Blank
      title={t(`booking.ended.${endReason}.title`)}
      text={reason ? t('hold.calledOffReason', { reason }) : t(`booking.ended.${endReason}.text`)}
    >
      <ButtonLink look="main" to={calledOff ? '/' : `/events/${eventId}`}>
        {calledOff ? t('hold.others') : t('hold.again')}
      </ButtonLink>
    </Blank>
  );
}
