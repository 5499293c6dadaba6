import { useQuery } from '@tanstack/react-query';
import { useTranslation } from '../i18n/index.js';
import { Button } from '../ui/button.js';
import { Fault } from '../ui/states.js';
import { openProvidersQuery, useProvider } from './identities.js';

/** A button for each provider of the installation; nothing where there is none. */
export function ProviderLogins({ next }: { next: string }) {
  const { data } = useQuery({ ...openProvidersQuery(), retry: false });
  return data && data.data.length > 0 ? <ProviderButtons providers={data.data} next={next} /> : null;
}

export function ProviderButtons({
  providers,
  next,
}: {
  providers: readonly { id: string; name: string }[];
  next: string;
}) {
  const { t } = useTranslation();
  const { busy, error, leave } = useProvider('login');
  return (
    <section className="stack" aria-label={t('identity.others')}>
      {providers.map(({ id, name }) => (
        <Button key={id} wide busy={busy} onClick={() => void leave(id, next)}>
          {t('identity.continue', { name })}
        </Button>
      ))}
      <Fault error={error} />
    </section>
  );
}
