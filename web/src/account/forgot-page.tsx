import { useState } from 'react';
import { Link } from 'react-router';
import { api, ok } from '../api.js';
import { useTranslation } from '../i18n/index.js';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { Form, textOf } from '../ui/form.js';
import { Fault } from '../ui/states.js';
import { useTitle } from '../ui/use-title.js';
import { useWork } from '../ui/use-work.js';

export function ForgotPage() {
  const { t } = useTranslation();
  const { busy, error, run } = useWork();
  const [done, setDone] = useState(false);
  useTitle(t('account.forgot'));
  const submit = (data: FormData) =>
    run(async () => {
      await ok(api.POST('/api/v1/auth/forgot', { body: { email: textOf(data, 'email') } }));
      setDone(true);
    });
  return (
    <div className="page form stack loose">
      <div className="stack tight">
        <h1>{t('account.forgot')}</h1>
        <p className="soft">{t('account.forgotText')}</p>
      </div>
      {done ? (
        <p className="notice good" role="status">
          {t('account.forgotDone')}
        </p>
      ) : (
        <Form submit={submit} className="stack">
          <Field label={t('account.email')} name="email" type="email" autoComplete="username" required />
          <Fault error={error} />
          <Button look="main" wide type="submit" busy={busy}>
            {t('account.forgotButton')}
          </Button>
        </Form>
      )}
      <Link to="/login">{t('account.toLogin')}</Link>
    </div>
  );
}
