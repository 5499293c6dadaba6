import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearchParams } from 'react-router';
import { api, client, isProblem, ok, type Schemas } from '../../api.js';
import { moment } from '../../format.js';
import { useTranslation } from '../../i18n/index.js';
import { useSession } from '../../session.js';
import { Button, ButtonLink } from '../../ui/button.js';
import { DeadEnd, Fault, Load, Skeleton } from '../../ui/states.js';
import { useToast } from '../../ui/toasts.js';
import { useTitle } from '../../ui/use-title.js';
import { useWork } from '../../ui/use-work.js';
import { choose, organisationsQuery, startAnew } from '../acting.js';
import { lookQuery } from './queries.js';
import { RightsWords } from './rights-words.js';

/** Where the mail that invites somebody to an organisation leads. */
export function InvitationPage() {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const token = search.get('token') ?? '';
  const look = useQuery({ ...lookQuery(token), enabled: token !== '' });
  useTitle(t('members.invitation'));
  if (token === '' || isProblem(look.error, 'link_invalid', 'validation_failed'))
    return (
      <div className="page narrow">
        <h1 className="spoken">{t('members.invitation')}</h1>
        <DeadEnd title={t('members.linkOver')} text={t('members.linkOverText')} />
      </div>
    );
  return (
    <div className="page form stack loose">
      <Load of={look} waiting={<Skeleton height="16rem" />}>
        {(invitation) => <Invited invitation={invitation} token={token} />}
      </Load>
    </div>
  );
}

function Invited({ invitation, token }: { invitation: Schemas['OpenInvitation']; token: string }) {
  const { t } = useTranslation();
  const { signedIn } = useSession();
  const { organisation, email, expiresAt } = invitation;
  const next = encodeURIComponent(`/invitation?token=${encodeURIComponent(token)}`);
  return (
    <>
      <div className="stack tight">
        <h1>{t('members.invitedTo', { organisation: organisation.name })}</h1>
        <p>{t('members.invitedText', { organisation: organisation.name })}</p>
      </div>
      <section className="card stack tight" aria-label={t('members.rights')}>
        <span className="label">{t('members.youMay')}</span>
        <RightsWords rights={invitation} />
      </section>
      <p className="small soft wrap">{t('members.sentTo', { email, date: moment(expiresAt) })}</p>
      {signedIn ? (
        <Accept organisation={organisation} token={token} />
      ) : (
        <div className="stack">
          <ButtonLink look="main" wide to={`/login?next=${next}`}>
            {t('members.logIn')}
          </ButtonLink>
          <ButtonLink wide to={`/register?next=${next}`}>
            {t('account.register')}
          </ButtonLink>
        </div>
      )}
    </>
  );
}

function Accept({
  organisation: { id, name },
  token,
}: {
  organisation: Schemas['OpenInvitation']['organisation'];
  token: string;
}) {
  const { t } = useTranslation();
  const { user } = useSession();
  const go = useNavigate();
  const queries = useQueryClient();
  const say = useToast();
  const { busy, error, run } = useWork();
  const accept = () =>
    run(async () => {
      await ok(api.POST('/api/v1/invitations/accept', { body: { token } }));
      choose(id);
      // Tokens say the role: a member is an organizer. Without an answer the next token says it.
      const before = await client.session.token();
      if (before) await client.session.renew(before).catch(() => {});
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['me'] }),
        queries.invalidateQueries({ queryKey: organisationsQuery.queryKey }),
      ]);
      await go('/desk', { replace: true });
      void startAnew();
      say(t('members.joined', { organisation: name }));
    });
  return (
    <div className="stack">
      {user && <p className="wrap">{t('members.acceptAs', { name: user.name, email: user.email })}</p>}
      <Fault error={error} />
      <Button look="main" wide busy={busy} disabled={!user} onClick={accept}>
        {t('members.accept')}
      </Button>
      <Button look="quiet" wide onClick={() => void client.logout().catch(() => {})}>
        {t('members.notYou')}
      </Button>
    </div>
  );
}
