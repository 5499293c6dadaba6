import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { api, client, ok, type Schemas, saveFile } from '../api.js';
import { LANGUAGES, useTranslation } from '../i18n/index.js';
import { useSession } from '../session.js';
import { Button } from '../ui/button.js';
import { faultsOf } from '../ui/errors.js';
import { Field, Select } from '../ui/field.js';
import { Form, textOf } from '../ui/form.js';
import { Sheet } from '../ui/sheet.js';
import { Fault, Skeleton } from '../ui/states.js';
import { useToast } from '../ui/toasts.js';
import { useForget } from '../ui/use-forget.js';
import { useTitle } from '../ui/use-title.js';
import { useWork } from '../ui/use-work.js';
import { NewPassword } from './new-password.js';
import { securityQuery } from './queries.js';
import { Unverified } from './unverified.js';

export function AccountPage() {
  const { t } = useTranslation();
  const { user } = useSession();
  useTitle(t('account.title'));
  return (
    <div className="page narrow stack far">
      <h1>{t('account.title')}</h1>
      {user ? (
        <>
          {!user.emailVerified && <Unverified>{t('account.unverified')}</Unverified>}
          <Profile user={user} />
          <Password />
          <p>
            <Link to="/account/security">{t('account.security')}</Link>
          </p>
          <p>
            <Link to="/account/notifications">{t('news.preferences')}</Link>
          </p>
          <Data />
        </>
      ) : (
        <Skeleton height="14rem" count={2} />
      )}
    </div>
  );
}

function Profile({ user }: { user: Schemas['Account'] }) {
  const { t } = useTranslation();
  const say = useToast();
  const forget = useForget();
  const { busy, error, run } = useWork();
  const submit = (data: FormData) =>
    run(async () => {
      await ok(
        api.PATCH('/api/v1/auth/me', {
          params: { header: { 'If-Match': `"v${user.version}"` } },
          body: {
            name: textOf(data, 'name'),
            locale: textOf(data, 'locale') as Schemas['Account']['locale'],
          },
        }),
      );
      forget('me');
      say(t('app.saved'));
    });
  return (
    <section className="card stack" aria-labelledby="profile">
      <h2 id="profile">{t('account.profile')}</h2>
      <p className="soft">{user.email}</p>
      <Form submit={submit} className="stack" key={user.version}>
        <Field
          label={t('account.name')}
          hint={t('account.nameHint')}
          fault={faultsOf(error).name}
          name="name"
          autoComplete="name"
          defaultValue={user.name}
          maxLength={100}
          required
        />
        <Select label={t('account.mailLanguage')} name="locale" defaultValue={user.locale}>
          {Object.entries(LANGUAGES).map(([code, name]) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </Select>
        <Fault error={error} />
        <div>
          <Button type="submit" look="main" busy={busy}>
            {t('app.save')}
          </Button>
        </div>
      </Form>
    </section>
  );
}

function Password() {
  const { t } = useTranslation();
  const { data: security } = useQuery(securityQuery);
  const say = useToast();
  const { busy, error, run } = useWork();
  const [done, setDone] = useState(0);
  const submit = (data: FormData) =>
    run(async () => {
      const body = { current: String(data.get('current')), password: String(data.get('password')) };
      await ok(api.POST('/api/v1/auth/me/password', { body }));
      setDone(done + 1);
      say(t('account.changed'));
    });
  return (
    <section className="card stack" aria-labelledby="password">
      <h2 id="password">{t('account.change')}</h2>
      {security?.password === false && (
        <p>
          {t('identity.noPassword')} <Link to="/forgot">{t('identity.choosePassword')}</Link>
        </p>
      )}
      {security?.password !== false && (
        <Form submit={submit} className="stack" key={done}>
          <Field
            label={t('account.currentPassword')}
            name="current"
            type="password"
            autoComplete="current-password"
            required
          />
          <NewPassword label={t('account.newPassword')} fault={faultsOf(error).password} />
          <Fault error={error} />
          <div>
            <Button type="submit" busy={busy}>
              {t('account.change')}
            </Button>
          </div>
        </Form>
      )}
    </section>
  );
}

function Data() {
  const { t } = useTranslation();
  const { busy, error, run } = useWork();
  const go = useNavigate();
  const [deleting, setDeleting] = useState(false);
  const everywhere = async () => {
    await ok(api.POST('/api/v1/auth/logout-all'));
    // At once and before the end, or this page asks for the login.
    await go('/');
    client.session.end();
  };
  return (
    <section className="card stack" aria-labelledby="data">
      <h2 id="data">{t('account.data')}</h2>
      <Fault error={error} />
      <div className="row">
        <Button busy={busy} onClick={() => run(() => saveFile('/api/v1/auth/me/export', 'evently.json'))}>
          {t('account.export')}
        </Button>
        <Button onClick={() => run(everywhere)}>{t('account.logoutAll')}</Button>
        <Button look="danger" onClick={() => setDeleting(true)}>
          {t('account.delete')}
        </Button>
      </div>
      {deleting && <Deletion close={() => setDeleting(false)} />}
    </section>
  );
}

function Deletion({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const { data: security } = useQuery(securityQuery);
  const say = useToast();
  const go = useNavigate();
  const { busy, error, run } = useWork();
  const submit = (data: FormData) =>
    run(async () => {
      const password = data.get('password');
      await ok(
        api.DELETE('/api/v1/auth/me', { body: password === null ? {} : { password: String(password) } }),
      );
      // At once and before the end, or this page asks for the login.
      await go('/');
      client.session.end();
      say(t('account.deleted'));
    });
  return (
    <Sheet title={t('account.delete')} close={close}>
      <p>{t('account.deleteText')}</p>
      <Form submit={submit} className="stack">
        {security?.password !== false && (
          <Field
            label={t('account.currentPassword')}
            name="password"
            type="password"
            autoComplete="current-password"
            required
          />
        )}
        <Fault error={error} />
        <div className="row">
          <Button type="submit" look="danger" busy={busy}>
            {t('account.deleteConfirm')}
          </Button>
          <Button onClick={close}>{t('app.cancel')}</Button>
        </div>
      </Form>
    </Sheet>
  );
}
