import { useQuery } from '@tanstack/react-query';
import { useTranslation } from '../../i18n/index.js';
import { useSession } from '../../session.js';
import { Load, Skeleton } from '../../ui/states.js';
import { useTitle } from '../../ui/use-title.js';
import { useRights } from '../rights.js';
import { Invitations } from './invitations.js';
import { Invite } from './invite.js';
import { MemberItem } from './member-item.js';
import { membersQuery } from './queries.js';

/** Members of the organisation, what they may do, and who is invited. */
export function MembersPage() {
  const { t } = useTranslation();
  const { organisation } = useRights();
  useTitle(t('members.title'), organisation?.name);
  return (
    <div className="page stack far">
      <div className="stack tight">
        <h1>{t('members.title')}</h1>
        <p className="soft">{t('members.text', { organisation: organisation?.name })}</p>
      </div>
      {organisation && <Content id={organisation.id} />}
    </div>
  );
}

function Content({ id }: { id: string }) {
  const { t } = useTranslation();
  const { user } = useSession();
  const members = useQuery(membersQuery(id));
  return (
    <>
      <Load of={members} waiting={<Skeleton height="5rem" count={3} />}>
        {({ data }) => (
          <ul className="desk-list members" aria-label={t('members.title')}>
            {data.map((member) => (
              <MemberItem
                key={member.userId}
                organisationId={id}
                member={member}
                oneself={member.userId === user?.id}
              />
            ))}
          </ul>
        )}
      </Load>
      <Invitations organisationId={id} />
      <Invite organisationId={id} />
    </>
  );
}
