import { Link, Navigate, useLocation, useNavigate } from 'react-router';
import { client } from '../api.js';
import { language, useTranslation } from '../i18n/index.js';
import { useSession } from '../session.js';
import { Button } from '../ui/button.js';
import { faultsOf } from '../ui/errors.js';
import { Field } from '../ui/field.js';
import { Form, textOf } from '../ui/form.js';
import { Fault } from '../ui/states.js';
import { useTitle } from '../ui/use-title.js';
import { useWork } from '../ui/use-work.js';
import { WaitingFor } from '../ui/waiting.js';
import { useNext } from './login-page.js';
import { NewPassword } from './new-password.js';

export function RegisterPage() {
  const { t } = useTranslation();
  const next = useNext();
  const go = useNavigate();
  const { state } = useLocation();
  const { signedIn } = useSession();
  const { busy, error, run } = useWork();
  useTitle(t('account.register'));
  if (signedIn) return <Navigate to={next} replace />;

  const submit = (data: FormData) =>
    run(async () => {
      await client.register({
        email: textOf(data, 'email'),
        name: textOf(data, 'name'),
        password: String(data.get('password')),
        locale: language(),
      });
      await go(next, { replace: true });
    });
  const faults = faultsOf(error);
  return (
    <div className="page form stack loose">
      <div className="stack tight">
        <h1>{t('account.register')}</h1>
        <p className="soft">{t('account.registerText')}</p>
        <WaitingFor />
      </div>
      <Form submit={submit} className="stack">
        <Field
          label={t('account.name')}
          hint={t('account.nameHint')}
          fault={faults.name}
          name="name"
          autoComplete="name"
          maxLength={100}
          required
        />
        <Field
          label={t('account.email')}
          fault={faults.email}
          name="email"
          type="email"
          autoComplete="username"
          required
        />
        <NewPassword label={t('account.password')} fault={faults.password} />
        <Fault error={error} />
        <Button look="main" wide type="submit" busy={busy}>
          {t('account.register')}
        </Button>
      </Form>
      <Link to={`/login?next=${encodeURIComponent(next)}`} state={state}>
        {t('account.toLogin')}
      </Link>
    </div>
  );
}
