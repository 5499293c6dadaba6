import { useQuery } from '@tanstack/react-query';
import { useTranslation } from '../../i18n/index.js';
import { Button } from '../../ui/button.js';
import { faultsOf } from '../../ui/errors.js';
import { Field } from '../../ui/field.js';
import { Form, textOf } from '../../ui/form.js';
import { Fault, Load, Skeleton } from '../../ui/states.js';
import { useToast } from '../../ui/toasts.js';
import { useForget } from '../../ui/use-forget.js';
import { useWork } from '../../ui/use-work.js';
import { ProviderCard } from './provider-card.js';
import type { Providers } from './providers.js';

/** Providers with which people log in, and a form for one more. */
export function ProviderList({ of }: { of: Providers }) {
  const { t } = useTranslation();
  const providers = useQuery({ queryKey: of.key, queryFn: of.list });
  return (
    <>
      <Load of={providers} waiting={<Skeleton height="8rem" />}>
        {({ data }) =>
          data.length === 0 ? (
            <p className="notice">{t('providers.none')}</p>
          ) : (
            data.map((provider) => <ProviderCard key={provider.id} of={of} provider={provider} />)
          )
        }
      </Load>
      <NewProvider of={of} />
    </>
  );
}

function NewProvider({ of }: { of: Providers }) {
  const { t } = useTranslation();
  const say = useToast();
  const forget = useForget();
  const { busy, error, run } = useWork();
  const faults = faultsOf(error);
  const create = (data: FormData, form: HTMLFormElement) =>
    run(async () => {
      const [name, issuer, clientId] = [
        textOf(data, 'name'),
        textOf(data, 'issuer'),
        textOf(data, 'clientId'),
      ];
      await of.create({ name, issuer, clientId, clientSecret: textOf(data, 'clientSecret') || null });
      form.reset();
      forget('identity-providers');
      say(t('providers.created'));
    });
  return (
    <section className="card stack" aria-labelledby="new-provider">
      <h2 id="new-provider">{t('providers.new')}</h2>
      <Form
        id="new-provider-form"
        className="stack"
        submit={(data) => create(data, document.querySelector<HTMLFormElement>('#new-provider-form')!)}
      >
        <Field
          label={t('providers.name')}
          hint={t('providers.nameHint')}
          fault={faults.name}
          name="name"
          maxLength={50}
          required
        />
        <Field
          label={t('providers.issuer')}
          hint={t('providers.issuerHint')}
          fault={faults.issuer}
          name="issuer"
          type="url"
          maxLength={500}
          required
        />
        <Field
          label={t('providers.clientId')}
          fault={faults.clientId}
          name="clientId"
          autoComplete="off"
          maxLength={500}
          required
        />
        <Field
          label={t('providers.clientSecret')}
          hint={t('providers.secretHint')}
          fault={faults.clientSecret}
          name="clientSecret"
          type="password"
          autoComplete="new-password"
          maxLength={1000}
        />
        <Fault error={error} />
        <div>
          <Button look="main" type="submit" busy={busy}>
            {t('providers.create')}
          </Button>
        </div>
      </Form>
    </section>
  );
}
