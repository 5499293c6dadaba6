import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { api, ok, type Schemas } from '../api.js';
import { moment } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import { Button } from '../ui/button.js';
import { Sheet } from '../ui/sheet.js';
import { MailCard } from './mail-card.js';
import { MailFilter, MailKind } from './mail-filter.js';
import { Choices, OperatorPage, Pages } from './page.js';
import { type MailState, mailsQuery } from './queries.js';
import { RetryButton } from './retry-button.js';

const STATES: readonly MailState[] = ['pending', 'failed', 'sent', 'dropped'];

/** Mail that waits, and what became of the rest; the address keeps whose, and in which state. */
export function MailsPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const [{ to, kind }, setFilter] = useState({ to: '', kind: '' });
  const [shown, setShown] = useState<Schemas['Mail']>();
  const state = STATES.find((known) => known === search.get('state'));
  const userId = search.get('user') ?? '';
  const asked = { to, kind, userId, state: state ?? ('' as const) };
  const mails = useInfiniteQuery(mailsQuery(asked));
  const choose = (value: MailState | undefined) =>
    setSearch({ ...(userId && { user: userId }), ...(value && { state: value }) });
  return (
    <OperatorPage title={t('operator.pages.mails')} text={t('operator.mailsText')}>
      <MailFilter to={to} kind={kind} change={(change) => setFilter({ to, kind, ...change })} />
      <Choices
        label={t('operator.state')}
        of={STATES}
        chosen={state}
        choose={choose}
        name={(value) => t(`operator.mails.${value}`)}
      />
      {userId && (
        <div className="chips">
          <button
            type="button"
            className="chip"
            aria-pressed
            onClick={() => setSearch(state ? { state } : {})}
          >
            {t('operator.onlyPerson')} ✕
          </button>
        </div>
      )}
      <Pages
        of={mails}
        head={[t('operator.mail'), t('operator.at'), t('operator.state'), t('operator.action')]}
      >
        {(mail) => (
          <>
            <th scope="row" className="wrap">
              {mail.subject ?? <MailKind kind={mail.kind} />}
              <div className="plain soft">
                {mail.to ?? t('operator.noRecipient')} · <MailKind kind={mail.kind} />
              </div>
            </th>
            <td>{moment(mail.createdAt)}</td>
            <td className="wrap">
              <span className={mail.state === 'failed' ? 'badge danger' : 'badge'}>
                {t(`operator.mails.${mail.state}`)}
              </span>
              {mail.lastError && <div className="soft">{mail.lastError}</div>}
            </td>
            <td>
              <div className="row">
                {mail.to !== null && (
                  <Button
                    onClick={() => setShown(mail)}
                    aria-label={`${t('booking.show')}: ${t('operator.previewOf', { to: mail.to })}`}
                  >
                    {t('booking.show')}
                  </Button>
                )}
                {(mail.state === 'failed' || mail.state === 'pending') && <Retry id={mail.id} />}
              </div>
            </td>
          </>
        )}
      </Pages>
      {shown && (
        <Sheet title={t('operator.previewOf', { to: shown.to ?? '' })} wide close={() => setShown(undefined)}>
          <MailCard mail={shown} close={() => setShown(undefined)} />
        </Sheet>
      )}
    </OperatorPage>
  );
}

const Retry = ({ id }: { id: string }) => (
  <RetryButton work={() => ok(api.POST('/api/v1/admin/mails/{id}/retry', { params: { path: { id } } }))} />
);
