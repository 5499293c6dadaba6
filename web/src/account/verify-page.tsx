import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { api, ok } from '../api.js';
import { useTranslation } from '../i18n/index.js';
import { Button, ButtonLink } from '../ui/button.js';
import { Fault } from '../ui/states.js';
import { useForget } from '../ui/use-forget.js';
import { useTitle } from '../ui/use-title.js';
import { useWork } from '../ui/use-work.js';

/** Where the mail about an address leads. A button, because programs that check mails open every link, and this one works once. */
export function VerifyPage() {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const token = search.get('token');
  const forget = useForget();
  const { busy, error, run } = useWork();
  const [done, setDone] = useState(false);
  useTitle(t('account.verify'));
  const confirm = () =>
    run(async () => {
      await ok(api.POST('/api/v1/auth/verify', { body: { token: token ?? '' } }));
      forget('me');
      setDone(true);
    });
  return (
    <div className="page form stack loose">
      <h1>{t('account.verify')}</h1>
      {!token && <p className="notice danger">{t('account.verifyMissing')}</p>}
      <Fault error={error} />
      {done ? (
        <>
          <p className="notice good" role="status">
            {t('account.verifyDone')}
          </p>
          <ButtonLink look="main" to="/">
            {t('app.home')}
          </ButtonLink>
        </>
      ) : (
        <Button look="main" wide busy={busy} disabled={!token} onClick={confirm}>
          {t('account.verify')}
        </Button>
      )}
    </div>
  );
}
