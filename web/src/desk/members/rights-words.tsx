import { useQueries } from '@tanstack/react-query';
import { PERMISSIONS } from '../../../../src/platform/access/permissions.js';
import { useTranslation } from '../../i18n/index.js';
import { eventQuery } from '../../shop/queries.js';
import type { RightsInput } from './queries.js';

/** As many events are named; the others are counted. */
const MOST_NAMED = 5;

/** Permissions of a member, in words. */
export function RightsWords({ rights: { permissions, events = null } }: { rights: RightsInput }) {
  const { t } = useTranslation();
  const names = PERMISSIONS.filter((one) => permissions.includes(one)).map((one) =>
    t(`members.permissions.${one}`),
  );
  return (
    <div className="stack tight">
      <span>{names.join(', ') || t('members.noPermissions')}</span>
      <span className="small soft">
        {events === null ? t('members.allEvents') : <EventNames ids={events} />}
      </span>
    </div>
  );
}

/** Names of events as far as one may read them. */
function EventNames({ ids }: { ids: readonly string[] }) {
  const { t } = useTranslation();
  const found = useQueries({ queries: ids.slice(0, MOST_NAMED).map(eventQuery) });
  const names = found.flatMap(({ data }) => (data ? [data.title] : []));
  const rest = ids.length - names.length;
  const more = rest > 0 && names.length > 0 ? t('members.moreEvents', { count: rest }) : '';
  return names.length > 0
    ? t('members.onlyEvents', { names: [...names, more].filter(Boolean).join(', ') })
    : t('members.someEvents', { count: rest });
}
