import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok } from '../../api.js';
import { longDate } from '../../format.js';
import { useTranslation } from '../../i18n/index.js';
import { eventQuery } from '../../shop/queries.js';
import { Button } from '../../ui/button.js';
import { TextArea } from '../../ui/field.js';
import { Form, textOf } from '../../ui/form.js';
import { Sheet } from '../../ui/sheet.js';
import { Fault } from '../../ui/states.js';
import { useToast } from '../../ui/toasts.js';
import { useForget } from '../../ui/use-forget.js';
import { useWork } from '../../ui/use-work.js';
import type { Event } from './event-frame.js';

/** Says since when the sale is paused, and what buyers read. */
export function Paused({ event: { salePausedAt, salePauseReason, timezone } }: { event: Event }) {
  const { t } = useTranslation();
  return (
    <div className="notice warm">
      <strong>{t('desk.pausedSince', { date: longDate(salePausedAt!, timezone) })}</strong>
      {salePauseReason && <span>{t('desk.pausedWith', { reason: salePauseReason })}</span>}
    </div>
  );
}

/** Pauses the sale after a question, or lets it go on. */
export function PauseButton({ event }: { event: Event }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  if (event.salePausedAt) return <Resume event={event} />;
  return (
    <>
      <Button onClick={() => setAsking(true)}>{t('desk.pauseSale')}</Button>
      {asking && (
        <Sheet title={t('desk.pauseSale')} close={() => setAsking(false)}>
          <Pause event={event} close={() => setAsking(false)} />
        </Sheet>
      )}
    </>
  );
}

function Pause({ event: { id }, close }: { event: Event; close: () => void }) {
  const { t } = useTranslation();
  const learn = useLearn(id);
  const { busy, error, run } = useWork();
  const pause = (data: FormData) =>
    run(async () => {
      const reason = textOf(data, 'reason');
      learn(
        await ok(
          api.POST('/api/v1/events/{id}/pause', { params: { path: { id } }, body: reason ? { reason } : {} }),
        ),
      );
      close();
    });
  return (
    <Form submit={pause} className="stack">
      <p>{t('desk.pauseText')}</p>
      <TextArea
        label={t('desk.pauseReason')}
        hint={t('desk.pauseReasonHint')}
        name="reason"
        rows={2}
        maxLength={300}
      />
      <Fault error={error} />
      <div className="row">
        <Button look="main" type="submit" busy={busy}>
          {t('desk.pauseNow')}
        </Button>
        <Button onClick={close}>{t('app.cancel')}</Button>
      </div>
    </Form>
  );
}

function Resume({ event: { id } }: { event: Event }) {
  const { t } = useTranslation();
  const learn = useLearn(id);
  const say = useToast();
  const { busy, error, run } = useWork();
  const resume = () =>
    run(async () => {
      learn(await ok(api.POST('/api/v1/events/{id}/resume', { params: { path: { id } } })));
      say(t('desk.resumed'));
    });
  return (
    <>
      <Button look="main" busy={busy} onClick={resume}>
        {t('desk.resumeSale')}
      </Button>
      <Fault error={error} />
    </>
  );
}

function useLearn(id: string): (event: Event) => void {
  const queries = useQueryClient();
  const forget = useForget();
  return (event) => {
    queries.setQueryData(eventQuery(id).queryKey, event);
    forget('events');
  };
}
