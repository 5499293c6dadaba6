import { useTranslation } from '../../i18n/index.js';
import type { Status } from '../queries.js';

const LOOKS = { draft: '', published: ' good', completed: '', cancelled: ' danger' } as const;

export function EventBadge({ status }: { status: Status }) {
  const { t } = useTranslation();
  return <span className={`badge${LOOKS[status]}`}>{t(`desk.status.${status}`)}</span>;
}
