import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { api, ok } from '../../api.js';
import { moment } from '../../format.js';
import { useTranslation } from '../../i18n/index.js';
import { Decision, Deed, Ending } from '../../operator/deed.js';
import { Pages } from '../../operator/page.js';
import { paged } from '../../paged.js';
import { Button } from '../../ui/button.js';
import { Select } from '../../ui/field.js';
import { useTitle } from '../../ui/use-title.js';
import type { Organisation } from '../acting.js';
import { useRights } from '../rights.js';
import { membersQuery } from './queries.js';

const FILTERS = ['actor', 'eventId'] as const;
type Filter = Partial<Record<(typeof FILTERS)[number], string>>;

const logQuery = (id: string, filter: Filter) => ({
  queryKey: ['members', id, 'log', filter],
  ...paged((at) =>
    ok(
      api.GET('/api/v1/organisations/{id}/audit', {
        params: { path: { id }, query: { limit: 30, ...filter, ...at } },
      }),
    ),
  ),
});
const keysQuery = (id: string) => ({
  queryKey: ['keys', id],
  queryFn: () => ok(api.GET('/api/v1/organisations/{id}/keys', { params: { path: { id } } })),
});
const eventsQuery = {
  queryKey: ['events', 'mine', 'newest'],
  queryFn: () =>
    ok(api.GET('/api/v1/events', { params: { query: { mine: 'true', sort: '-startsAt', limit: 100 } } })),
};

/** Who has done what in the organisation: members, keys, administrators. The address keeps what narrows it. */
export function LogPage() {
  const { t } = useTranslation();
  const { organisation } = useRights();
  useTitle(t('log.title'), organisation?.name);
  return (
    <div className="page stack loose">
      <div className="stack tight">
        <h1>{t('log.title')}</h1>
        <p className="soft">{t('log.text')}</p>
      </div>
      {organisation && <Log organisation={organisation} />}
    </div>
  );
}

function Log({ organisation: { id } }: { organisation: Organisation }) {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const filter: Filter = Object.fromEntries(
    FILTERS.flatMap((name) => (search.get(name) ? [[name, search.get(name)!]] : [])),
  );
  const acts = useInfiniteQuery(logQuery(id, filter));
  const narrow = (name: (typeof FILTERS)[number], value: string) =>
    setSearch({ ...filter, ...{ [name]: value } });
  const clear = (name: (typeof FILTERS)[number]) => {
    const { [name]: _, ...rest } = filter;
    setSearch(rest);
  };
  const choose = (name: (typeof FILTERS)[number], value: string) =>
    value ? narrow(name, value) : clear(name);
  return (
    <>
      <div className="columns">
        <Actors id={id} chosen={filter.actor ?? ''} choose={(value) => choose('actor', value)} />
        <Events chosen={filter.eventId ?? ''} choose={(value) => choose('eventId', value)} />
      </div>
      <Pages
        of={acts}
        head={[t('operator.action'), t('operator.said'), t('operator.answer')]}
        none={t('log.none')}
      >
        {(act) => (
          <>
            <th scope="row" className="wrap">
              <div className="plain">
                <Deed act={act} forMembers />
              </div>
              <div className="row plain soft">
                {moment(act.at)}
                {act.actor && !filter.actor && (
                  <Button look="quiet" onClick={() => narrow('actor', act.actor!)}>
                    {t('operator.only.actor')}
                  </Button>
                )}
              </div>
            </th>
            <td className="wrap">
              <Decision act={act} />
            </td>
            <td>
              <Ending act={act} />
            </td>
          </>
        )}
      </Pages>
    </>
  );
}

interface Choice {
  chosen: string;
  choose: (value: string) => void;
}

/** Members and keys; somebody who has left is found by an entry only. */
function Actors({ id, chosen, choose }: Choice & { id: string }) {
  const { t } = useTranslation();
  const { may } = useRights();
  const members = useQuery(membersQuery(id)).data?.data ?? [];
  const keys = useQuery({ ...keysQuery(id), enabled: may('settings') }).data?.data ?? [];
  const isListed = members.some(({ userId }) => userId === chosen) || keys.some((key) => key.id === chosen);
  return (
    <Select label={t('log.who')} value={chosen} onChange={({ target }) => choose(target.value)}>
      <option value="">{t('log.everybody')}</option>
      {chosen && !isListed && <option value={chosen}>{t('log.other')}</option>}
      <optgroup label={t('members.title')}>
        {members.map(({ userId, name }) => (
          <option key={userId} value={userId}>
            {name}
          </option>
        ))}
      </optgroup>
      {keys.length > 0 && (
        <optgroup label={t('log.keys')}>
          {keys.map((key) => (
            <option key={key.id} value={key.id}>{`${key.name} (… ${key.ending})`}</option>
          ))}
        </optgroup>
      )}
    </Select>
  );
}

function Events({ chosen, choose }: Choice) {
  const { t } = useTranslation();
  const events = useQuery(eventsQuery).data?.data ?? [];
  return (
    <Select label={t('log.event')} value={chosen} onChange={({ target }) => choose(target.value)}>
      <option value="">{t('log.all')}</option>
      {events.map(({ id, title, startsAt }) => (
        <option key={id} value={id}>{`${title} · ${moment(startsAt)}`}</option>
      ))}
    </Select>
  );
}
