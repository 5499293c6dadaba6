import { useInfiniteQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { Schemas } from '../api.js';
import { moment } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { DEEDS, isDeed, pageOf } from './deeds.js';
import { OperatorPage, Pages } from './page.js';
import { actsQuery } from './queries.js';

const FILTERS = ['actor', 'target'] as const;
const ROLES = ['organizer', 'admin', 'operator'] as const;

/** Acts of administrators and organizers; the address keeps whose, or about what. */
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
    }),
  );
  const narrow = (name: (typeof FILTERS)[number], id: string) =>
    setSearch({ ...Object.fromEntries(search), [name]: id });
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
      <Pages
        of={acts}
        head={[t('operator.at'), t('operator.action'), t('operator.said'), t('operator.answer')]}
      >
        {(act) => (
          <>
            <th scope="row">{moment(act.at)}</th>
            <td className="wrap">
              <Deed act={act} />
              <div className="row">
                {act.actor && (
                  <Button look="quiet" onClick={() => narrow('actor', act.actor!)}>
                    {t('operator.only.actor')}
                  </Button>
                )}
                {act.target && (
                  <Button look="quiet" onClick={() => narrow('target', act.target!)}>
                    {t('operator.only.target')}
                  </Button>
                )}
              </div>
            </td>
            <td className="wrap">
              {Object.entries(act.said)
                .map(([name, value]) => `${name}: ${String(value)}`)
                .join(', ') || '–'}
            </td>
            <td>{act.status ?? '–'}</td>
          </>
        )}
      </Pages>
    </OperatorPage>
  );
}

/** An act as a sentence, with the way to its object. */
function Deed({ act: { role, action, target } }: { act: Schemas['Act'] }) {
  const { t } = useTranslation();
  const known = ROLES.find((name) => name === role);
  const who = known ? t(`operator.who.${known}`) : role;
  const page = pageOf(action, target);
  return (
    <>
      {isDeed(action) ? t(`operator.did.${DEEDS[action]}`, { who }) : `${who}: ${action}`}{' '}
      {page && <Link to={page}>{t('booking.show')}</Link>}
      <div className="small soft">
        <code>{action}</code>
      </div>
    </>
  );
}
