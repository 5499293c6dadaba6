import { useQuery } from '@tanstack/react-query';
import { Link, Navigate, useParams } from 'react-router';
import { useTranslation } from '../i18n/index.js';
import { useSession } from '../session.js';
import { Load, Skeleton } from '../ui/states.js';
import { useTitle } from '../ui/use-title.js';
import { openProvidersQuery } from './identities.js';
import { ProviderButtons } from './provider-logins.js';

/** Logins with the providers of one organisation, whose people get the address of this page from it. */
export function OrganisationLoginPage() {
  const { t } = useTranslation();
  const { organisation = '' } = useParams();
  const { signedIn } = useSession();
  const providers = useQuery({ ...openProvidersQuery(organisation), retry: false });
  useTitle(t('account.login'), providers.data?.organisation ?? undefined);
  if (signedIn) return <Navigate to="/desk" replace />;
  return (
    <div className="page form stack loose">
      <h1>{t('account.login')}</h1>
      <Load of={providers} waiting={<Skeleton height="3rem" count={2} />}>
        {({ organisation: name, data }) => (
          <>
            <p className="soft">{t('identity.organisationText', { name: name ?? '' })}</p>
            {data.length > 0 ? (
              <ProviderButtons providers={data} next="/desk" />
            ) : (
              <p className="notice">{t('identity.organisationNone')}</p>
            )}
          </>
        )}
      </Load>
      <Link to="/login">{t('identity.otherLogin')}</Link>
    </div>
  );
}
