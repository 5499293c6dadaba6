import { useTranslation } from 'react-i18next';
import type { Schemas } from '../api.js';

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

export function StatusBadge({ status }: { status: Status }) {
  const { t } = useTranslation();
  return <span className={`badge ${LOOKS[status]}`}>{t(`booking.status.${status}`)}</span>;
}
