import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import type { Schemas } from '../api.js';
import { StatusBadge } from '../booking/status.js';
import { moment, money, number } from '../format.js';
import { LANGUAGES, useTranslation } from '../i18n/index.js';
import { Load, Skeleton } from '../ui/states.js';
import { EventLink } from './event-link.js';
import { Lock } from './lock.js';
import { OperatorPage, Pages } from './page.js';
import { personBookingsQuery, personQuery } from './queries.js';
import { RoleChoice } from './role-choice.js';

/** One account: who it is, what was bought, and the lock. */
export function PersonPage() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const person = useQuery(personQuery(id));
  return (
    <Load of={person} waiting={<Skeleton height="24rem" />}>
      {(found) => (
        <OperatorPage title={found.account.name ?? found.account.reference ?? ''}>
          <p>
            <Link to="/operator/users">{t('operator.allAccounts')}</Link>
          </p>
          <div className="columns">
            <Facts person={found} />
            <Lock account={found.account} />
          </div>
          <section className="stack" aria-labelledby="bookings">
            <h2 id="bookings">{t('operator.bookingsOf')}</h2>
            <Bookings id={id} />
          </section>
        </OperatorPage>
      )}
    </Load>
  );
}

function Facts({ person: { account, sessions, payments } }: { person: Schemas['Person'] }) {
  const { t } = useTranslation();
  const sum = ({ captured, refunded, currency }: Schemas['Person']['payments'][number]) =>
    refunded > 0
      ? t('operator.paidBack', { amount: money(captured, currency), refunded: money(refunded, currency) })
      : money(captured, currency);
  return (
    <section className="card stack" aria-label={account.name ?? account.reference ?? ''}>
      <dl className="pairs numbers">
        <dt>{t('account.email')}</dt>
        <dd className="wrap">
          {account.email}{' '}
          {account.kind === 'account' && !account.emailVerified && (
            <span className="badge">{t('operator.unverified')}</span>
          )}
        </dd>
        <dt>{t('operator.since')}</dt>
        <dd>{moment(account.createdAt)}</dd>
        <dt>{t('operator.language')}</dt>
        <dd>{LANGUAGES[account.locale]}</dd>
        <dt>{t('operator.openLogins')}</dt>
        <dd>{number(sessions)}</dd>
        <dt>{t('operator.paidSums')}</dt>
        <dd>{payments.map(sum).join('; ') || t('operator.nothingPaid')}</dd>
        {account.kind === 'account' ? (
          <>
            <dt>{t('operator.role')}</dt>
            <dd>
              <RoleChoice user={account} />
            </dd>
          </>
        ) : (
          <>
            <dt>{t('operator.customerOf')}</dt>
            <dd className="wrap">{account.reference}</dd>
          </>
        )}
      </dl>
      <ul className="stack tight">
        <li>
          <Link to={`/operator/mails?user=${account.id}`}>{t('operator.mailsOf')}</Link>
        </li>
        <li>
          <Link to={`/operator/acts?actor=${account.id}`}>{t('operator.actsOf')}</Link>
        </li>
        <li>
          <Link to={`/operator/acts?target=${account.id}`}>{t('operator.actsAbout')}</Link>
        </li>
      </ul>
    </section>
  );
}

function Bookings({ id }: { id: string }) {
  const { t } = useTranslation();
  const bookings = useInfiniteQuery(personBookingsQuery(id));
  return (
    <Pages
      of={bookings}
      none={t('operator.noBookings')}
      head={[
        t('operator.at'),
        t('operator.booking'),
        t('operator.event'),
        t('operator.state'),
        t('operator.places'),
        t('operator.total'),
      ]}
    >
      {({ createdAt, id, code, eventId, status, endReason, items, total, currency }) => (
        <>
          <th scope="row">{moment(createdAt)}</th>
          <td>
            <Link to={`/bookings/${id}`}>{code}</Link>
          </td>
          <td className="wrap">
            <EventLink id={eventId} />
          </td>
          <td>
            <StatusBadge status={status} endReason={endReason} />
          </td>
          <td className="numbers">{number(items.length)}</td>
          <td className="numbers">{money(total, currency)}</td>
        </>
      )}
    </Pages>
  );
}
