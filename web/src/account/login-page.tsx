import { Link, Navigate, useLocation, useSearchParams } from 'react-router';
import { client } from '../api.js';
import { useTranslation } from '../i18n/index.js';
import { useSession } from '../session.js';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { Form, textOf } from '../ui/form.js';
import { Fault } from '../ui/states.js';
import { useTitle } from '../ui/use-title.js';
import { useWork } from '../ui/use-work.js';
import { WaitingFor } from '../ui/waiting.js';
import { DemoLogins } from './demo-logins.js';

/** Address that a person wanted before the login, only below this site. */
export function useNext(): string {
  const [search] = useSearchParams();
  const next = search.get('next') ?? '/';
  return /^\/(?![/\\])/.test(next) ? next : '/';
}

export function LoginPage() {
  const { t } = useTranslation();
  const next = useNext();
  const { state } = useLocation();
  const { signedIn, user, loading } = useSession();
  const { busy, error, run } = useWork();
  useTitle(t('account.login'));
  // Organizers who wanted nothing else come to work.
  const home = user?.role === 'organizer' ? '/desk' : '/';
  if (signedIn && !(next === '/' && loading)) return <Navigate to={next === '/' ? home : next} replace />;

  const submit = (data: FormData) =>
    run(() => client.login({ email: textOf(data, 'email'), password: String(data.get('password')) }));
  return (
    <div className="page form stack loose">
      <div className="stack tight">
        <h1>{t('account.login')}</h1>
        <p className="soft">{next === '/' ? t('account.loginText') : t('account.needLogin')}</p>
        <WaitingFor />
      </div>
      <Form submit={submit} className="stack">
        <Field label={t('account.email')} name="email" type="email" autoComplete="username" required />
        <Field
          label={t('account.password')}
          name="password"
          type="password"
          autoComplete="current-password"
          required
        />
        <Fault error={error} />
        <Button look="main" wide type="submit" busy={busy}>
          {t('account.login')}
        </Button>
      </Form>
      <div className="row spread">
        <Link to={`/register?next=${encodeURIComponent(next)}`} state={state}>
          {t('account.toRegister')}
        </Link>
        <Link to="/forgot">{t('account.forgot')}</Link>
      </div>
      <DemoLogins run={run} />
    </div>
  );
}
