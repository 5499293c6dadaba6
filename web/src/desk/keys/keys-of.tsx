import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { useTranslation } from '../../i18n/index.js';
import { isOver, keysQuery } from './queries.js';

/** Keys that a member has made, which go on without it; nothing where there are none. */
export function KeysOf({
  organisationId,
  member: { userId, name },
}: {
  organisationId: string;
  member: { userId: string; name: string };
}) {
  const { t } = useTranslation();
  const keys = useQuery(keysQuery(organisationId)).data?.data ?? [];
  const own = keys.filter((key) => key.createdBy === userId && !isOver(key));
  if (own.length === 0) return null;
  return (
    <p className="notice warm wrap">
      <span>
        {t('keys.goOn', { count: own.length, name, names: own.map((key) => key.name).join(', ') })}{' '}
        <Link to="/desk/keys">{t('keys.toKeys')}</Link>
      </span>
    </p>
  );
}
