import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { moment } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import { Button } from '../ui/button.js';
import { Sheet } from '../ui/sheet.js';
import { JobLinks, JobName, JobReason, StepName } from './job-names.js';
import { Choices, OperatorPage, Pages } from './page.js';
import { type SagaState, sagasQuery } from './queries.js';
import { SagaCard } from './saga-card.js';

const STATES: readonly SagaState[] = ['stuck', 'running', 'compensating', 'completed', 'compensated'];
const LOOKS = {
  stuck: ' danger',
  running: ' warm',
  compensating: ' warm',
  completed: ' good',
  compensated: '',
} as const;

/** Checkouts, cancellations and other long work. */
export function SagasPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const state = STATES.find((known) => known === search.get('state'));
  const sagas = useInfiniteQuery(sagasQuery(state));
  const [shown, setShown] = useState<string>();
  return (
    <OperatorPage title={t('operator.pages.sagas')} text={t('operator.sagasText')}>
      <Choices
        label={t('operator.state')}
        of={STATES}
        chosen={state}
        choose={(value) => setSearch(value ? { state: value } : {})}
        name={(value) => t(`operator.sagas.${value}`)}
      />
      <Pages
        of={sagas}
        head={[
          t('operator.kind'),
          t('operator.state'),
          t('operator.step'),
          t('operator.reason'),
          t('operator.updated'),
          t('operator.action'),
        ]}
      >
        {(saga) => (
          <>
            <th scope="row">
              <JobName kind={saga.kind} />
              <JobLinks saga={saga} />
            </th>
            <td>
              <span className={`badge${LOOKS[saga.state]}`}>{t(`operator.sagas.${saga.state}`)}</span>
            </td>
            <td>
              <StepName step={saga.step} /> {saga.attempts > 1 && `× ${saga.attempts}`}
            </td>
            <td className="wrap">{saga.reason ? <JobReason reason={saga.reason} /> : '–'}</td>
            <td>{moment(saga.updatedAt)}</td>
            <td>
              <Button onClick={() => setShown(saga.id)}>{t('booking.show')}</Button>
            </td>
          </>
        )}
      </Pages>
      {shown && (
        <Sheet title={t('operator.saga')} close={() => setShown(undefined)}>
          <SagaCard id={shown} />
        </Sheet>
      )}
    </OperatorPage>
  );
}
