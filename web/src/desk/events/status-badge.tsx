import { useTranslation } from '../../i18n/index.js';
import type { Status } from '../queries.js';

const LOOKS = { draft: '', published: ' good', completed: '', cancelled: ' danger' } as const;

export function EventBadge({ status, paused = false }: { status: Status; paused?: boolean }) {
  const { t } = useTranslation();
  if (paused && status === 'published') return <span className="badge warm">{t('desk.status.paused')}</span>;
  return <span className={`badge${LOOKS[status]}`}>{t(`desk.status.${status}`)}</span>;
}
