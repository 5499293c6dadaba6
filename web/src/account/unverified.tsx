import type { ReactNode } from 'react';
import { api, ok } from '../api.js';
import { useTranslation } from '../i18n/index.js';
import { Button } from '../ui/button.js';
import { Fault } from '../ui/states.js';
import { useToast } from '../ui/toasts.js';
import { useWork } from '../ui/use-work.js';

/** Explains which features need a confirmed address, and sends the mail again. */
export function Unverified({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const say = useToast();
  const { busy, error, run } = useWork();
  const send = () =>
    run(() => ok(api.POST('/api/v1/auth/verify/resend')).then(() => say(t('account.resent'))));
  return (
    <div className="notice warm">
      <span>{children}</span>
      <Fault error={error} />
      <div>
        <Button busy={busy} onClick={send}>
          {t('account.resend')}
        </Button>
      </div>
    </div>
  );
}
