import { useQuery } from '@tanstack/react-query';
import { api, ok } from '../../api.js';
import { moment } from '../../format.js';
import { useTranslation } from '../../i18n/index.js';
import { Button } from '../../ui/button.js';
import { Fault, Load, Skeleton } from '../../ui/states.js';
import { useToast } from '../../ui/toasts.js';
import { useForget } from '../../ui/use-forget.js';
import { useWork } from '../../ui/use-work.js';
import { type Invitation, invitationsQuery } from './queries.js';
import { RightsWords } from './rights-words.js';

/** Invitations that nobody has accepted yet. */
export function Invitations({ organisationId }: { organisationId: string }) {
  const { t } = useTranslation();
  const invitations = useQuery(invitationsQuery(organisationId));
  return (
    <Load of={invitations} waiting={<Skeleton height="4rem" />}>
      {({ data }) =>
        data.length > 0 && (
          <section className="stack" aria-labelledby="invitations">
            <h2 id="invitations">{t('members.invitations')}</h2>
            <ul className="desk-list members">
              {data.map((invitation) => (
                <Item key={invitation.id} organisationId={organisationId} invitation={invitation} />
              ))}
            </ul>
          </section>
        )
      }
    </Load>
  );
}

function Item({ organisationId, invitation }: { organisationId: string; invitation: Invitation }) {
  const { t } = useTranslation();
  const forget = useForget();
  const say = useToast();
  const { busy, error, run } = useWork();
  const { id, email, permissions, events, expiresAt } = invitation;
  const over = Date.parse(expiresAt) <= Date.now();
  const again = () =>
    run(async () => {
      const params = { path: { id: organisationId } };
      const body = { email, permissions, events };
      await ok(api.POST('/api/v1/organisations/{id}/invitations', { params, body }));
      forget('members');
      say(t('members.invited', { email }));
    });
  const withdraw = () =>
    run(async () => {
      const params = { path: { id: organisationId, invitation: id } };
      await ok(api.DELETE('/api/v1/organisations/{id}/invitations/{invitation}', { params }));
      forget('members');
      say(t('members.withdrawn', { email }));
    });
  return (
    <li>
      <div className="stack tight wrap">
        <strong>{email}</strong>
        <RightsWords rights={invitation} />
        <span className={over ? 'small fault' : 'small soft'}>
          {t(over ? 'members.overSince' : 'members.openUntil', { date: moment(expiresAt) })}
        </span>
      </div>
      <div className="stack tight">
        <div className="row">
          <Button busy={busy} onClick={again} aria-label={t('members.sendAgainTo', { email })}>
            {t('members.sendAgain')}
          </Button>
          <Button
            look="danger"
            busy={busy}
            onClick={withdraw}
            aria-label={t('members.withdrawOf', { email })}
          >
            {t('members.withdraw')}
          </Button>
        </div>
        <Fault error={error} />
      </div>
    </li>
  );
}
