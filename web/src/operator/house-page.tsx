import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok } from '../api.js';
import { type Changes, HouseForm } from '../desk/house/house-form.js';
import { useTranslation } from '../i18n/index.js';
import { Load, Skeleton } from '../ui/states.js';
import { OperatorPage } from './page.js';
import { houseQuery } from './queries.js';

const ifMatch = (version: number) => ({ header: { 'If-Match': `"v${version}"` } });

const CHANGES: Changes = {
  put: ({ name, ...rest }, version) =>
    ok(api.PUT('/api/v1/admin/house', { params: ifMatch(version), body: { ...rest, name: name ?? '' } })),
  putLogo: (data, version) =>
    ok(api.PUT('/api/v1/admin/house/logo', { params: ifMatch(version), body: { data } })),
  removeLogo: (version) => ok(api.DELETE('/api/v1/admin/house/logo', { params: ifMatch(version) })),
};

/** Name, look and duties of the house. */
export function HousePage() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const house = useQuery(houseQuery);
  const [reads, setReads] = useState(0);
  return (
    <OperatorPage title={t('operator.pages.house')} text={t('operator.houseText')}>
      <Load of={house} waiting={<Skeleton height="30rem" />}>
        {(found) => (
          <HouseForm
            key={reads}
            house={found}
            changes={CHANGES}
            saved={t('house.saved')}
            keep={({ name, ...rest }) =>
              queries.setQueryData(houseQuery.queryKey, { ...rest, name: name ?? '' })
            }
            readAgain={async () => {
              await house.refetch();
              setReads(reads + 1);
            }}
          />
        )}
      </Load>
    </OperatorPage>
  );
}
