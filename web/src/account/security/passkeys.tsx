import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok, type Schemas } from '../../api.js';
import { moment } from '../../format.js';
import { useTranslation } from '../../i18n/index.js';
import { Button } from '../../ui/button.js';
import { faultsOf } from '../../ui/errors.js';
import { Field } from '../../ui/field.js';
import { Form, textOf } from '../../ui/form.js';
import { Sheet } from '../../ui/sheet.js';
import { Fault, Load, Skeleton } from '../../ui/states.js';
import { useToast } from '../../ui/toasts.js';
import { useForget } from '../../ui/use-forget.js';
import { useWork } from '../../ui/use-work.js';
import { canUsePasskeys, makePasskey } from '../passkeys.js';
import { passkeysQuery } from '../queries.js';

type Passkey = Schemas['Passkey'];

/** Passkeys of the account: made, named and removed. */
export function Passkeys() {
  const { t } = useTranslation();
  const say = useToast();
  const forget = useForget();
  const passkeys = useQuery(passkeysQuery);
  const { busy, error, run } = useWork();
  const [made, setMade] = useState<Passkey>();
  const make = () =>
    run(async () => {
      setMade(await makePasskey());
      forget('passkeys', 'security');
      say(t('security.passkeyMade'));
    });
  return (
    <section className="card stack" aria-labelledby="passkeys">
      <h2 id="passkeys">{t('security.passkeys')}</h2>
      <p className="soft">{t('security.passkeysText')}</p>
      <Load of={passkeys} waiting={<Skeleton height="3.5rem" />}>
        {({ data }) =>
          data.length === 0 ? (
            <p>{t('security.noPasskeys')}</p>
          ) : (
            <ul className="lines">
              {data.map((passkey) => (
                <PasskeyItem key={passkey.id} passkey={passkey} />
              ))}
            </ul>
          )
        }
      </Load>
      <Fault error={error} />
      {canUsePasskeys() ? (
        <div>
          <Button look="main" busy={busy} onClick={make}>
            {t('security.makePasskey')}
          </Button>
        </div>
      ) : (
        <p className="small soft">{t('security.passkeysUnknown')}</p>
      )}
      {made && <Naming passkey={made} close={() => setMade(undefined)} />}
    </section>
  );
}

function PasskeyItem({ passkey }: { passkey: Passkey }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<'name' | 'removal'>();
  const { id, name, synced, createdAt, lastUsedAt } = passkey;
  return (
    <li className="row spread">
      <div className="stack tight grow" id={`passkey-${id}`}>
        <strong>{name}</strong>
        <span className="small soft">
          {t('security.made', { date: moment(createdAt) })}{' '}
          {lastUsedAt ? t('security.used', { date: moment(lastUsedAt) }) : t('security.unused')}{' '}
          {synced && t('security.synced')}
        </span>
      </div>
      <div className="row">
        <Button aria-describedby={`passkey-${id}`} onClick={() => setOpen('name')}>
          {t('security.rename')}
        </Button>
        <Button look="danger" aria-describedby={`passkey-${id}`} onClick={() => setOpen('removal')}>
          {t('security.remove')}
        </Button>
      </div>
      {open === 'name' && <Naming passkey={passkey} close={() => setOpen(undefined)} />}
      {open === 'removal' && <Removal passkey={passkey} close={() => setOpen(undefined)} />}
    </li>
  );
}

function Naming({ passkey: { id, name }, close }: { passkey: Passkey; close: () => void }) {
  const { t } = useTranslation();
  const forget = useForget();
  const { busy, error, run } = useWork();
  const submit = (data: FormData) =>
    run(async () => {
      const params = { path: { id } };
      const body = { name: textOf(data, 'name') };
      await ok(api.PATCH('/api/v1/auth/me/passkeys/{id}', { params, body }));
      forget('passkeys');
      close();
    });
  return (
    <Sheet title={t('security.namePasskey')} close={close}>
      <Form submit={submit} className="stack">
        <Field
          label={t('security.passkeyName')}
          hint={t('security.passkeyNameHint')}
          fault={faultsOf(error).name}
          name="name"
          defaultValue={name}
          maxLength={60}
          required
        />
        <Fault error={error} />
        <div className="row">
          <Button type="submit" look="main" busy={busy}>
            {t('app.save')}
          </Button>
          <Button onClick={close}>{t('app.cancel')}</Button>
        </div>
      </Form>
    </Sheet>
  );
}

function Removal({ passkey: { id, name }, close }: { passkey: Passkey; close: () => void }) {
  const { t } = useTranslation();
  const say = useToast();
  const forget = useForget();
  const { busy, error, run } = useWork();
  const remove = () =>
    run(async () => {
      await ok(api.DELETE('/api/v1/auth/me/passkeys/{id}', { params: { path: { id } } }));
      close();
      forget('passkeys', 'security');
      say(t('security.passkeyRemoved'));
    });
  return (
    <Sheet title={t('security.removePasskey')} close={close}>
      <p>{t('security.removeText', { name })}</p>
      <Fault error={error} />
      <div className="row">
        <Button look="danger" busy={busy} onClick={remove}>
          {t('security.remove')}
        </Button>
        <Button onClick={close}>{t('app.cancel')}</Button>
      </div>
    </Sheet>
  );
}
