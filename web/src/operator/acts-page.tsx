import { useInfiniteQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { Schemas } from '../api.js';
import { moment } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { Decision, Deed, Ending } from './deed.js';
import { OperatorPage, Pages } from './page.js';
import { actsQuery } from './queries.js';

const FILTERS = ['actor', 'eventId', 'target'] as const;
type Filter = (typeof FILTERS)[number];

/** Acts of administrators and organizers; the address keeps whose, and about what. */
export function ActsPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const [action, setAction] = useState('');
  const narrowed = FILTERS.filter((name) => search.has(name));
  const acts = useInfiniteQuery(
    actsQuery({
      action: useDeferredValue(action.trim()),
      actor: search.get('actor') ?? '',
      target: search.get('target') ?? '',
      eventId: search.get('eventId') ?? '',
    }),
  );
  const narrow = (name: Filter, id: string) => setSearch({ ...Object.fromEntries(search), [name]: id });
  const widen = (name: string) => setSearch([...search].filter(([other]) => other !== name));
  return (
    <OperatorPage title={t('operator.pages.acts')} text={t('operator.actsText')}>
      <Field
        label={t('operator.action')}
        hint={t('operator.actionHint')}
        type="search"
        maxLength={100}
        value={action}
        onChange={({ target }) => setAction(target.value)}
      />
      {narrowed.length > 0 && (
        <div className="chips">
          {narrowed.map((name) => (
            <button key={name} type="button" className="chip" aria-pressed onClick={() => widen(name)}>
              {t(`operator.only.${name}`)} ✕
            </button>
          ))}
        </div>
      )}
      <Pages of={acts} head={[t('operator.action'), t('operator.said'), t('operator.answer')]}>
        {(act) => (
          <>
            <th scope="row" className="wrap">
              <div className="plain">
                <Deed act={act} />
              </div>
              <Narrowing act={act} narrowed={narrowed} narrow={narrow} />
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
    </OperatorPage>
  );
}

/** Time of an act, and the filters that it offers: its person, its event or another object. */
function Narrowing({
  act: { at, actor, target, about },
  narrowed,
  narrow,
}: {
  act: Schemas['Act'];
  narrowed: readonly Filter[];
  narrow: (name: Filter, id: string) => void;
}) {
  const { t } = useTranslation();
  const offered: Partial<Record<Filter, string | null>> = {
    actor,
    ...(about?.kind === 'event' ? { eventId: about.id } : { target }),
  };
  return (
    <div className="row plain soft">
      {moment(at)}
      {FILTERS.map((name) => {
        const id = offered[name];
        return (
          id &&
          !narrowed.includes(name) && (
            <Button key={name} look="quiet" onClick={() => narrow(name, id)}>
              {t(`operator.only.${name}`)}
            </Button>
          )
        );
      })}
    </div>
  );
}
