import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from '../../i18n/index.js';
import { Blank, Load, Skeleton } from '../../ui/states.js';
import { useTitle } from '../../ui/use-title.js';
import { useRights } from '../rights.js';
import { KeyItem } from './key-item.js';
import { MadeKey } from './made-key.js';
import { NewKey } from './new-key.js';
import { keysQuery, type MadeKey as Made } from './queries.js';

/** Keys with which machines act for the organisation. */
export function KeysPage() {
  const { t } = useTranslation();
  const { organisation } = useRights();
  useTitle(t('keys.title'), organisation?.name);
  return (
    <div className="page stack far">
      <div className="stack tight">
        <h1>{t('keys.title')}</h1>
        <p className="soft">{t('keys.text', { organisation: organisation?.name })}</p>
      </div>
      {organisation && <Content id={organisation.id} />}
    </div>
  );
}

function Content({ id }: { id: string }) {
  const { t } = useTranslation();
  const keys = useQuery(keysQuery(id));
  const [made, setMade] = useState<Made>();
  return (
    <>
      <Load of={keys} waiting={<Skeleton height="6rem" count={2} />}>
        {({ data }) =>
          data.length === 0 ? (
            <Blank title={t('keys.none')} text={t('keys.noneText')} />
          ) : (
            <ul className="desk-list members" aria-label={t('keys.title')}>
              {data.map((key) => (
                <KeyItem key={key.id} organisationId={id} apiKey={key} show={setMade} />
              ))}
            </ul>
          )
        }
      </Load>
      <NewKey organisationId={id} show={setMade} />
      {made && <MadeKey made={made} close={() => setMade(undefined)} />}
    </>
  );
}
