import { useState } from 'react';
import { Link } from 'react-router';
import { api, ok } from '../../api.js';
import { moment } from '../../format.js';
import { useTranslation } from '../../i18n/index.js';
import { Button } from '../../ui/button.js';
import { Sheet } from '../../ui/sheet.js';
import { useToast } from '../../ui/toasts.js';
import { useForget } from '../../ui/use-forget.js';
import { useWork } from '../../ui/use-work.js';
import { KeysOf } from '../keys/keys-of.js';
import { useRights } from '../rights.js';
import type { Member, RightsInput } from './queries.js';
import { RightsForm } from './rights-form.js';
import { RightsWords } from './rights-words.js';

interface Props {
  organisationId: string;
  member: Member;
}

/** A member, with what can be done about it. */
export function MemberItem({ organisationId, member, oneself }: Props & { oneself: boolean }) {
  const { t } = useTranslation();
  const { owner: mayChangeOwners } = useRights();
  const [changing, setChanging] = useState(false);
  const { name, email, owner, ownershipOfferedUntil } = member;
  return (
    <li>
      <div className="stack tight wrap">
        <div className="row">
          <strong>{name}</strong>
          {owner && <span className="badge good">{t('members.owner')}</span>}
          {oneself && <span className="badge">{t('members.oneself')}</span>}
        </div>
        <span className="small soft">{email}</span>
        {owner ? <span>{t('members.ownerText')}</span> : <RightsWords rights={member} />}
        {ownershipOfferedUntil && (
          <span className="small">{t('members.offeredUntil', { date: moment(ownershipOfferedUntil) })}</span>
        )}
      </div>
      {oneself ? (
        <Link to="/desk/organisation">{t('members.toLeave')}</Link>
      ) : (
        (mayChangeOwners || !owner) && (
          <div>
            <Button onClick={() => setChanging(true)} aria-label={t('members.changeOf', { name })}>
              {t('members.change')}
            </Button>
          </div>
        )
      )}
      {changing && (
        <Sheet title={t('members.changeOf', { name })} close={() => setChanging(false)}>
          <Change organisationId={organisationId} member={member} close={() => setChanging(false)} />
        </Sheet>
      )}
    </li>
  );
}

/** Rights of a member, the offer of ownership, and the end of the membership. */
function Change({ organisationId, member, close }: Props & { close: () => void }) {
  const { t } = useTranslation();
  const { owner: mayOffer, may } = useRights();
  const forget = useForget();
  const say = useToast();
  const { busy, error, run } = useWork();
  const { userId, name, owner } = member;
  const path = { id: organisationId, member: userId };
  const doing = (work: () => Promise<unknown>, done: string) =>
    run(async () => {
      await work();
      forget('members');
      say(done);
      close();
    });
  const save = (body: RightsInput) =>
    doing(
      () => ok(api.PUT('/api/v1/organisations/{id}/members/{member}', { params: { path }, body })),
      t('app.saved'),
    );
  const offer = () =>
    doing(
      () =>
        ok(
          api.POST('/api/v1/organisations/{id}/ownership', {
            params: { path: { id: organisationId } },
            body: { userId },
          }),
        ),
      t('members.offered', { name }),
    );
  const remove = () =>
    doing(
      () => ok(api.DELETE('/api/v1/organisations/{id}/members/{member}', { params: { path } })),
      t('members.removed', { name }),
    );
  return (
    <>
      {owner && <p className="notice warm">{t('members.noOwnerThen')}</p>}
      <RightsForm before={member} action={t('app.save')} busy={busy} error={error} submit={save} />
      {may('settings') && <KeysOf organisationId={organisationId} member={member} />}
      <div className="row">
        {mayOffer && !owner && (
          <Button busy={busy} onClick={() => confirm(t('members.offerSure', { name })) && offer()}>
            {t('members.offer')}
          </Button>
        )}
        <Button
          look="danger"
          busy={busy}
          onClick={() => confirm(t('members.removeSure', { name })) && remove()}
        >
          {t('members.remove')}
        </Button>
      </div>
    </>
  );
}
