import { useInfiniteQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { api, ok, type Schemas } from '../api.js';
import { moment } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import { useSession } from '../session.js';
import { useErrorText } from '../ui/errors.js';
import { Field } from '../ui/field.js';
import { useToast } from '../ui/toasts.js';
import { useForget } from '../ui/use-forget.js';
import { useWork } from '../ui/use-work.js';
import { Choices, OperatorPage, Pages } from './page.js';
import { type Role, usersQuery } from './queries.js';

const ROLES: readonly Role[] = ['user', 'organizer', 'admin'];

/** Accounts and their roles. */
export function UsersPage() {
  const { t } = useTranslation();
  const [q, setQ] = useState('');
  const [role, setRole] = useState<Role>();
  const users = useInfiniteQuery(usersQuery(useDeferredValue(q.trim()), role));
  return (
    <OperatorPage title={t('operator.pages.users')} text={t('operator.usersText')}>
      <div className="row end wrap">
        <Field
          label={t('operator.findUser')}
          type="search"
          value={q}
          onChange={({ target }) => setQ(target.value)}
        />
        <Choices
          label={t('operator.role')}
          of={ROLES}
          chosen={role}
          choose={setRole}
          name={(value) => t(`operator.roles.${value}`)}
        />
      </div>
      <Pages
        of={users}
        head={[t('account.name'), t('account.email'), t('operator.since'), t('operator.role')]}
      >
        {(user) => (
          <>
            <th scope="row">{user.name}</th>
            <td className="wrap">
              {user.email} {!user.emailVerified && <span className="badge">{t('operator.unverified')}</span>}
            </td>
            <td>{moment(user.createdAt)}</td>
            <td>
              <RoleChoice user={user} />
            </td>
          </>
        )}
      </Pages>
    </OperatorPage>
  );
}

function RoleChoice({ user: { id, name, role } }: { user: Schemas['Account'] }) {
  const { t } = useTranslation();
  const { user } = useSession();
  const forget = useForget();
  const say = useToast();
  const text = useErrorText();
  const { busy, run } = useWork();
  const assign = (wanted: Role) => {
    if (!confirm(t('operator.roleSure', { name, role: t(`operator.roles.${wanted}`) }))) return;
    void run(async () => {
      try {
        await ok(api.PATCH('/api/v1/admin/users/{id}', { params: { path: { id } }, body: { role: wanted } }));
        say(t('app.saved'));
      } catch (error) {
        say(text(error));
      }
      forget('operator');
    });
  };
  return (
    <select
      className="input"
      aria-label={t('operator.roleOf', { name })}
      value={role}
      disabled={busy || user?.id === id}
      onChange={({ target }) => assign(target.value as Role)}
    >
      {ROLES.map((value) => (
        <option key={value} value={value}>
          {t(`operator.roles.${value}`)}
        </option>
      ))}
    </select>
  );
}
