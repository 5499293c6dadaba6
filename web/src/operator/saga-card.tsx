import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok, type Schemas } from '../api.js';
import { moment } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import { Button } from '../ui/button.js';
import { Field, Select } from '../ui/field.js';
import { Form, textOf } from '../ui/form.js';
import { Fault, Load, Skeleton } from '../ui/states.js';
import { useToast } from '../ui/toasts.js';
import { useForget } from '../ui/use-forget.js';
import { useWork } from '../ui/use-work.js';
import { JobLinks, JobName, JobReason, StepName, StepOutcome } from './job-names.js';
import { sagaQuery } from './queries.js';

/** One piece of long work with its steps, and what can be done about it. */
export function SagaCard({ id }: { id: string }) {
  const saga = useQuery(sagaQuery(id));
  return (
    <Load of={saga} waiting={<Skeleton height="16rem" />}>
      {(found) => <Details saga={found} />}
    </Load>
  );
}

function Details({ saga }: { saga: Schemas['Saga'] }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const forget = useForget();
  const say = useToast();
  const { busy, error, run } = useWork();
  const over = saga.state === 'completed' || saga.state === 'compensated';
  const retry = () =>
    run(async () => {
      const now = await ok(api.POST('/api/v1/admin/sagas/{id}/retry', { params: { path: { id: saga.id } } }));
      queries.setQueryData(sagaQuery(saga.id).queryKey, now);
      forget('operator');
      say(t('operator.goesOn'));
    });
  const { refundId } = saga.data;
  return (
    <div className="stack">
      <dl className="pairs">
        <dt>{t('operator.kind')}</dt>
        <dd>
          <JobName kind={saga.kind} />
        </dd>
        <dt>{t('operator.state')}</dt>
        <dd>{t(`operator.sagas.${saga.state}`)}</dd>
        <dt>{t('operator.reason')}</dt>
        <dd>{saga.reason ? <JobReason reason={saga.reason} /> : '–'}</dd>
        <dt>{t('operator.subject')}</dt>
        <dd className="wrap">
          <JobLinks saga={saga} />
        </dd>
        <dt>{t('operator.correlation')}</dt>
        <dd className="wrap">{saga.correlationId ?? '–'}</dd>
      </dl>
      <ol className="lines">
        {saga.steps.map((step) => (
          <li key={`${step.name} ${step.undo} ${step.begunAt}`}>
            <strong>
              {step.undo && '↺ '}
              <StepName step={step.name} />
            </strong>{' '}
            <StepOutcome outcome={step.outcome} />{' '}
            {step.reason && (
              <>
                (<JobReason reason={step.reason} />)
              </>
            )}
            <div className="small soft">
              {moment(step.begunAt)} · {t('operator.attempts', { count: step.attempts })}
            </div>
          </li>
        ))}
      </ol>
      <Fault error={error} />
      {!over && (
        <div>
          <Button look="main" busy={busy} onClick={retry}>
            {t('app.retry')}
          </Button>
        </div>
      )}
      {saga.state === 'stuck' && typeof refundId === 'string' && <Settle refundId={refundId} />}
    </div>
  );
}

/** A refund that the provider refuses for good ends by a decision. */
function Settle({ refundId }: { refundId: string }) {
  const { t } = useTranslation();
  const forget = useForget();
  const say = useToast();
  const { busy, error, run } = useWork();
  const [how, setHow] = useState<Schemas['RefundSettlement']['how']>('paid_elsewhere');
  const settle = (data: FormData) =>
    run(async () => {
      await ok(
        api.POST('/api/v1/admin/refunds/{id}/settle', {
          params: { path: { id: refundId } },
          body: { how, note: textOf(data, 'note') },
        }),
      );
      forget('operator');
      say(t('operator.settled'));
    });
  return (
    <Form submit={settle} className="stack card">
      <h3>{t('operator.settle')}</h3>
      <Select
        label={t('operator.how')}
        value={how}
        onChange={({ target }) => setHow(target.value as typeof how)}
      >
        <option value="paid_elsewhere">{t('operator.hows.paid_elsewhere')}</option>
        <option value="not_owed">{t('operator.hows.not_owed')}</option>
      </Select>
      <Field label={t('operator.note')} name="note" maxLength={500} required />
      <Fault error={error} />
      <div>
        <Button type="submit" busy={busy}>
          {t('operator.settle')}
        </Button>
      </div>
    </Form>
  );
}
