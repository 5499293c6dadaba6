import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { api, client, ok } from '../api.js';
import { useTranslation } from '../i18n/index.js';
import { Button } from '../ui/button.js';
import { faultsOf } from '../ui/errors.js';
import { Form } from '../ui/form.js';
import { Fault } from '../ui/states.js';
import { useTitle } from '../ui/use-title.js';
import { useWork } from '../ui/use-work.js';
import { NewPassword } from './new-password.js';

/** Page that the mail about a forgotten password leads to. */
export function ResetPage() {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const token = search.get('token');
  const { busy, error, run } = useWork();
  const [done, setDone] = useState(false);
  useTitle(t('account.reset'));
  const submit = (data: FormData) =>
    run(async () => {
      const body = { token: token ?? '', password: String(data.get('password')) };
      await ok(api.POST('/api/v1/auth/reset', { body }));
      // It ends all sessions, the one of this browser as well.
      client.session.end();
      setDone(true);
    });
  return (
    <div className="page form stack loose">
      <h1>{t('account.reset')}</h1>
      {!token && <p className="notice danger">{t('account.verifyMissing')}</p>}
      {done ? (
        <>
          <p className="notice good" role="status">
            {t('account.resetDone')}
          </p>
          <Link to="/login">{t('account.login')}</Link>
        </>
      ) : (
        <Form submit={submit} className="stack">
          <NewPassword label={t('account.newPassword')} fault={faultsOf(error).password} />
          <Fault error={error} />
          <Button look="main" wide type="submit" busy={busy} disabled={!token}>
            {t('account.reset')}
          </Button>
        </Form>
      )}
    </div>
  );
}
