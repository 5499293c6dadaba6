import type { Schemas } from '../api.js';
import { useTranslation } from '../i18n/index.js';

type Status = Schemas['Booking']['status'];

const LOOKS: Record<Status, string> = {
  held: 'warm',
  paying: 'warm',
  confirmed: 'good',
  cancelling: 'warm',
  cancelled: '',
  released: '',
  expired: '',
};

/** `endReason`: of a whole booking; one that ended with its event, or for its bank, was not given back. */
export function StatusBadge({
  status,
  endReason,
}: {
  status: Status;
  endReason?: Schemas['Booking']['endReason'];
}) {
  const { t } = useTranslation();
  const told = endReason === 'event_cancelled' || endReason === 'payment_not_collected';
  const text =
    told && status !== 'cancelling' ? t(`booking.ended.${endReason}.badge`) : t(`booking.status.${status}`);
  return <span className={`badge ${LOOKS[status]}`}>{text}</span>;
}
