import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { api, ok } from '../../api.js';
import { installation } from '../../house/house.js';
import { useTranslation } from '../../i18n/index.js';
import { Load, Skeleton } from '../../ui/states.js';
import { useForget } from '../../ui/use-forget.js';
import { useTitle } from '../../ui/use-title.js';
import type { Organisation } from '../acting.js';
import { type Changes, HouseForm } from '../house/house-form.js';
import { useRights } from '../rights.js';

const settingsQuery = (id: string) => ({
  queryKey: ['organisation', id, 'house'],
  queryFn: () => ok(api.GET('/api/v1/organisations/{id}/house/settings', { params: { path: { id } } })),
});

const changesOf = (id: string): Changes => {
  const named = (version: number) => ({ path: { id }, header: { 'If-Match': `"v${version}"` } });
  return {
    put: (body, version) =>
      ok(api.PUT('/api/v1/organisations/{id}/house/settings', { params: named(version), body })),
    putLogo: (data, version) =>
      ok(
        api.PUT('/api/v1/organisations/{id}/house/settings/logo', { params: named(version), body: { data } }),
      ),
    removeLogo: (version) =>
      ok(api.DELETE('/api/v1/organisations/{id}/house/settings/logo', { params: named(version) })),
  };
};

/** Name, look and legal texts of the organisation, where they are not those of the house. */
export function HousePage() {
  const { t } = useTranslation();
  const { organisation } = useRights();
  useTitle(t('house.page'), organisation?.name);
  return (
    <div className="page stack far">
      <h1>{t('house.page')}</h1>
      {organisation && <Own organisation={organisation} />}
    </div>
  );
}

function Own({ organisation: { id, name } }: { organisation: Organisation }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const forget = useForget();
  const house = useQuery(settingsQuery(id));
  const [reads, setReads] = useState(0);
  return (
    <>
      <p className="soft narrow">
        {t('house.ownText', { organisation: name })}{' '}
        {house.data !== undefined && house.data.version > 0 && (
          <Link to={`/o/${id}`}>{t('house.toPage')}</Link>
        )}
      </p>
      <Load of={house} waiting={<Skeleton height="30rem" />}>
        {(found) => (
          <HouseForm
            key={reads}
            house={found}
            below={installation}
            changes={changesOf(id)}
            saved={t('house.ownSaved')}
            keep={(changed) => {
              queries.setQueryData(settingsQuery(id).queryKey, changed);
              forget('seller', 'house');
            }}
            readAgain={async () => {
              await house.refetch();
              setReads(reads + 1);
            }}
          />
        )}
      </Load>
    </>
  );
}
