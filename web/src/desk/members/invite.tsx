import { useState } from 'react';
import { api, ok } from '../../api.js';
import { useTranslation } from '../../i18n/index.js';
import { faultsOf } from '../../ui/errors.js';
import { Field } from '../../ui/field.js';
import { textOf } from '../../ui/form.js';
import { useToast } from '../../ui/toasts.js';
import { useForget } from '../../ui/use-forget.js';
import { useWork } from '../../ui/use-work.js';
import type { RightsInput } from './queries.js';
import { RightsForm } from './rights-form.js';

const NO_RIGHTS: RightsInput = { permissions: [], events: null };

/** Form that invites somebody by mail. */
export function Invite({ organisationId: id }: { organisationId: string }) {
  const { t } = useTranslation();
  const forget = useForget();
  const say = useToast();
  const { busy, error, run } = useWork();
  const [sent, setSent] = useState(0);
  const invite = (rights: RightsInput, data: FormData) =>
    run(async () => {
      const email = textOf(data, 'email');
      await ok(
        api.POST('/api/v1/organisations/{id}/invitations', {
          params: { path: { id } },
          body: { email, ...rights },
        }),
      );
      forget('members');
      say(t('members.invited', { email }));
      setSent(sent + 1);
    });
  return (
    <section className="card stack narrow" aria-labelledby="invite">
      <div className="stack tight">
        <h2 id="invite">{t('members.invite')}</h2>
        <p className="soft">{t('members.inviteText')}</p>
      </div>
      {/* Empty again after each invitation. */}
      <RightsForm
        key={sent}
        before={NO_RIGHTS}
        action={t('members.sendInvitation')}
        busy={busy}
        error={error}
        submit={invite}
      >
        <Field
          label={t('account.email')}
          fault={faultsOf(error).email}
          name="email"
          type="email"
          autoComplete="off"
          required
        />
      </RightsForm>
    </section>
  );
}
