import { useInfiniteQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { moment } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import { Field } from '../ui/field.js';
import { OperatorPage, Pages } from './page.js';
import { actsQuery } from './queries.js';

/** Acts of administrators and organizers. */
export function ActsPage() {
  const { t } = useTranslation();
  const [action, setAction] = useState('');
  const acts = useInfiniteQuery(actsQuery(useDeferredValue(action.trim())));
  return (
    <OperatorPage title={t('operator.pages.acts')} text={t('operator.actsText')}>
      <Field
        label={t('operator.action')}
        hint={t('operator.actionHint')}
        type="search"
        maxLength={100}
        value={action}
        onChange={({ target }) => setAction(target.value)}
      />
      <Pages
        of={acts}
        head={[
          t('operator.at'),
          t('operator.action'),
          t('operator.said'),
          t('operator.actor'),
          t('operator.answer'),
        ]}
      >
        {(act) => (
          <>
            <th scope="row">{moment(act.at)}</th>
            <td className="wrap">
              <code>{act.action}</code>
              {act.target && <div className="soft">{act.target}</div>}
            </td>
            <td className="wrap">
              <code>{JSON.stringify(act.said)}</code>
            </td>
            <td className="wrap">
              {act.role}
              <div className="soft">{act.actor ?? t('operator.commandLine')}</div>
            </td>
            <td>{act.status ?? '–'}</td>
          </>
        )}
      </Pages>
    </OperatorPage>
  );
}
