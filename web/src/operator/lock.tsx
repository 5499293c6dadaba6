import { api, ok, type Schemas } from '../api.js';
import { moment } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import { useSession } from '../session.js';
import { Button } from '../ui/button.js';
import { faultsOf } from '../ui/errors.js';
import { TextArea } from '../ui/field.js';
import { Form, textOf } from '../ui/form.js';
import { Fault } from '../ui/states.js';
import { useToast } from '../ui/toasts.js';
import { useForget } from '../ui/use-forget.js';
import { useWork } from '../ui/use-work.js';

/** Locks an account with a reason, or opens it again; nobody locks the own one. */
export function Lock({ account }: { account: Schemas['ManagedAccount'] }) {
  const { user } = useSession();
  if (account.lockedAt) return <Unlock account={account} since={account.lockedAt} />;
  return user?.id === account.id ? null : <LockForm id={account.id} />;
}

function LockForm({ id }: { id: string }) {
  const { t } = useTranslation();
  const forget = useForget();
  const say = useToast();
  const { busy, error, run } = useWork();
  const lock = (data: FormData) =>
    run(async () => {
      const reason = textOf(data, 'reason');
      await ok(api.POST('/api/v1/admin/users/{id}/lock', { params: { path: { id } }, body: { reason } }));
      forget('operator');
      say(t('operator.lockedNow'));
    });
  return (
    <Form submit={lock} className="card stack">
      <h2>{t('operator.lock')}</h2>
      <p className="soft">{t('operator.lockText')}</p>
      <TextArea
        label={t('operator.lockReason')}
        name="reason"
        rows={2}
        maxLength={500}
        required
        fault={faultsOf(error).reason}
      />
      <Fault error={error} />
      <div>
        <Button look="danger" type="submit" busy={busy}>
          {t('operator.lock')}
        </Button>
      </div>
    </Form>
  );
}

function Unlock({ account, since }: { account: Schemas['ManagedAccount']; since: string }) {
  const { t } = useTranslation();
  const forget = useForget();
  const say = useToast();
  const { busy, error, run } = useWork();
  const unlock = () =>
    run(async () => {
      await ok(api.POST('/api/v1/admin/users/{id}/unlock', { params: { path: { id: account.id } } }));
      forget('operator');
      say(t('operator.unlockedNow'));
    });
  return (
    <section className="card stack" aria-labelledby="lock">
      <h2 id="lock">{t('operator.locked')}</h2>
      <p className="notice danger wrap">
        {t('operator.lockedSince', { date: moment(since), reason: account.lockedReason ?? '' })}
      </p>
      <Fault error={error} />
      <div>
        <Button look="main" busy={busy} onClick={unlock}>
          {t('operator.unlock')}
        </Button>
      </div>
    </section>
  );
}
