import { useInfiniteQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { Link } from 'react-router';
import { moment } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import { Check, Field } from '../ui/field.js';
import { Choices, OperatorPage, Pages } from './page.js';
import { type Role, usersQuery } from './queries.js';
import { ROLES, RoleChoice } from './role-choice.js';

/** Accounts and their roles, each with a page of its own. */
export function UsersPage() {
  const { t } = useTranslation();
  const [q, setQ] = useState('');
  const [role, setRole] = useState<Role>();
  const [locked, setLocked] = useState(false);
  const [customers, setCustomers] = useState(false);
  const users = useInfiniteQuery(usersQuery(useDeferredValue(q.trim()), role, locked, customers));
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
        <Check
          label={t('operator.lockedOnly')}
          checked={locked}
          onChange={({ target }) => setLocked(target.checked)}
        />
        <Check
          label={t('operator.customersOfShops')}
          checked={customers}
          onChange={({ target }) => setCustomers(target.checked)}
        />
      </div>
      <Pages
        of={users}
        head={[t('account.name'), t('account.email'), t('operator.since'), t('operator.role')]}
      >
        {(user) => (
          <>
            <th scope="row">
              <Link to={`/operator/users/${user.id}`}>{user.name ?? user.reference}</Link>{' '}
              {user.lockedAt && <span className="badge danger">{t('operator.locked')}</span>}
            </th>
            <td className="wrap">
              {user.email}{' '}
              {user.kind === 'account' && !user.emailVerified && (
                <span className="badge">{t('operator.unverified')}</span>
              )}
            </td>
            <td>{moment(user.createdAt)}</td>
            <td>{user.kind === 'account' ? <RoleChoice user={user} /> : user.reference}</td>
          </>
        )}
      </Pages>
    </OperatorPage>
  );
}
