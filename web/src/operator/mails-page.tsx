import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok } from '../api.js';
import { moment } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import { Choices, OperatorPage, Pages } from './page.js';
import { type MailState, mailsQuery } from './queries.js';
import { RetryButton } from './retry-button.js';

const STATES: readonly MailState[] = ['pending', 'failed', 'sent', 'dropped'];

/** Mail that waits, and what became of the rest. */
export function MailsPage() {
  const { t } = useTranslation();
  const [state, setState] = useState<MailState>();
  const mails = useInfiniteQuery(mailsQuery(state));
  return (
    <OperatorPage title={t('operator.pages.mails')} text={t('operator.mailsText')}>
      <Choices
        label={t('operator.state')}
        of={STATES}
        chosen={state}
        choose={setState}
        name={(value) => t(`operator.mails.${value}`)}
      />
      <Pages
        of={mails}
        head={[t('operator.at'), t('operator.kind'), t('operator.state'), t('operator.reason'), '']}
      >
        {(mail) => (
          <>
            <th scope="row">{moment(mail.createdAt)}</th>
            <td>{mail.kind}</td>
            <td>
              <span className={mail.state === 'failed' ? 'badge danger' : 'badge'}>
                {t(`operator.mails.${mail.state}`)}
              </span>
            </td>
            <td className="wrap">{mail.lastError ?? '–'}</td>
            <td>
              {(mail.state === 'failed' || mail.state === 'pending') && (
                <RetryButton
                  work={() =>
                    ok(api.POST('/api/v1/admin/mails/{id}/retry', { params: { path: { id: mail.id } } }))
                  }
                />
              )}
            </td>
          </>
        )}
      </Pages>
    </OperatorPage>
  );
}
