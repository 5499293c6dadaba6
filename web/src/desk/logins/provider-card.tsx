import { useId, useState } from 'react';
import { Problem } from '../../api.js';
import { useTranslation } from '../../i18n/index.js';
import { Button } from '../../ui/button.js';
import { faultsOf } from '../../ui/errors.js';
import { Field } from '../../ui/field.js';
import { Form, textOf } from '../../ui/form.js';
import { Fault } from '../../ui/states.js';
import { useToast } from '../../ui/toasts.js';
import { useForget } from '../../ui/use-forget.js';
import { useWork } from '../../ui/use-work.js';
import { CopyField } from './copy-field.js';
import type { Provider, Providers } from './providers.js';

/** A provider: its redirect URI, whether it answers, and what can be changed of it. */
export function ProviderCard({ of, provider }: { of: Providers; provider: Provider }) {
  const { t } = useTranslation();
  const forget = useForget();
  const { busy, error, run } = useWork();
  const id = useId();
  const [editing, setEditing] = useState(false);
  const { name, issuer, enabled, people } = provider;
  const change = (work: () => Promise<unknown>) =>
    run(async () => {
      await work();
      forget('identity-providers');
    });
  const remove = () =>
    confirm(t('providers.removeSure', { count: people, name })) && change(() => of.remove(provider));
  return (
    <section className="card stack" aria-labelledby={id}>
      <div className="row">
        <h2 id={id} className="wrap">
          {name}
        </h2>
        <span className={enabled ? 'badge good' : 'badge danger'}>
          {enabled ? t('providers.on') : t('providers.off')}
        </span>
      </div>
      <p className="small soft wrap">
        {issuer} · {t('providers.people', { count: people })}
      </p>
      <CopyField label={t('providers.redirectUri')} value={provider.redirectUri} />
      {editing ? (
        <Edit of={of} provider={provider} done={() => setEditing(false)} />
      ) : (
        <>
          <Trial of={of} provider={provider} />
          <Fault error={error} />
          <div className="row">
            <Button onClick={() => setEditing(true)}>{t('providers.edit')}</Button>
            <Button busy={busy} onClick={() => change(() => of.update(provider, { enabled: !enabled }))}>
              {enabled ? t('providers.turnOff') : t('providers.turnOn')}
            </Button>
            <Button look="danger" busy={busy} onClick={remove}>
              {t('providers.remove')}
            </Button>
          </div>
        </>
      )}
    </section>
  );
}

/** Asks the provider what it says about itself. */
function Trial({ of, provider }: { of: Providers; provider: Provider }) {
  const { t } = useTranslation();
  const { busy, error, run } = useWork();
  const [found, setFound] = useState<Awaited<ReturnType<Providers['look']>>>();
  const look = () => {
    setFound(undefined);
    return run(async () => setFound(await of.look(provider)));
  };
  return (
    <>
      <div>
        <Button busy={busy} onClick={look}>
          {t('providers.try')}
        </Button>
      </div>
      {found && (
        <p className="notice good wrap" role="status">
          {t('providers.tried', { issuer: found.issuer })} {!found.namesItself && t('providers.noIss')}
        </p>
      )}
      <Fault error={error} />
      {error instanceof Problem && error.body.detail && <p className="small wrap">{error.body.detail}</p>}
    </>
  );
}

function Edit({ of, provider, done }: { of: Providers; provider: Provider; done: () => void }) {
  const { t } = useTranslation();
  const say = useToast();
  const forget = useForget();
  const { busy, error, run } = useWork();
  const faults = faultsOf(error);
  const save = (data: FormData) =>
    run(async () => {
      const clientSecret = textOf(data, 'clientSecret');
      await of.update(provider, {
        name: textOf(data, 'name'),
        clientId: textOf(data, 'clientId'),
        ...(clientSecret && { clientSecret }),
      });
      forget('identity-providers');
      say(t('app.saved'));
      done();
    });
  return (
    <Form submit={save} className="stack">
      <Field
        label={t('providers.name')}
        hint={t('providers.nameHint')}
        fault={faults.name}
        name="name"
        defaultValue={provider.name}
        maxLength={50}
        required
      />
      <Field
        label={t('providers.clientId')}
        fault={faults.clientId}
        name="clientId"
        defaultValue={provider.clientId}
        autoComplete="off"
        maxLength={500}
        required
      />
      <Field
        label={t('providers.clientSecret')}
        hint={t('providers.secretKept')}
        fault={faults.clientSecret}
        name="clientSecret"
        type="password"
        autoComplete="new-password"
        maxLength={1000}
      />
      <Fault error={error} />
      <div className="row">
        <Button look="main" type="submit" busy={busy}>
          {t('app.save')}
        </Button>
        <Button onClick={done}>{t('app.cancel')}</Button>
      </div>
    </Form>
  );
}
