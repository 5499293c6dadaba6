import { useQueryClient } from '@tanstack/react-query';
import { api, isProblem, ok, type Schemas } from '../../api.js';
import { useTranslation } from '../../i18n/index.js';
import { eventQuery } from '../../shop/queries.js';
import { Button } from '../../ui/button.js';
import { useToast } from '../../ui/toasts.js';
import { useForget } from '../../ui/use-forget.js';
import { useWork } from '../../ui/use-work.js';
import { changesOf } from '../changes.js';
import { EventForm } from '../event-form/event-form.js';
import { bodyOf, type Values, valuesOf } from '../event-form/event-values.js';
import { useEvent } from './event-frame.js';
import { Lifecycle } from './lifecycle.js';

/** Page of an event: its properties and its status. */
export function EventPage() {
  const event = useEvent();
  return (
    <div className="stack far">
      <Lifecycle event={event} />
      {/* What somebody else has changed replaces what is in the fields. */}
      <Details key={event.version} />
    </div>
  );
}

function Details() {
  const { t } = useTranslation();
  const event = useEvent();
  const { id, version, timezone, status } = event;
  const queries = useQueryClient();
  const forget = useForget();
  const say = useToast();
  const { busy, error, run } = useWork();
  const values = valuesOf(event, timezone);
  const save = (sent: Values, zone: string) =>
    run(async () => {
      const body: Schemas['EventEdit'] = changesOf(bodyOf(values, timezone), bodyOf(sent, zone));
      // The zone of an event is that of its venue.
      if (zone !== timezone) body.timezone = zone;
      const changed = await ok(
        api.PATCH('/api/v1/events/{id}', {
          params: { path: { id }, header: { 'If-Match': `"v${version}"` } },
          body,
        }),
      );
      queries.setQueryData(eventQuery(id).queryKey, changed);
      forget('events');
      say(t('app.saved'));
    });
  if (status === 'cancelled' || status === 'completed') return null;
  return (
    <EventForm
      values={values}
      draftKey={`${id}.${version}`}
      zone={timezone}
      locked={status !== 'draft'}
      busy={busy}
      error={error}
      submit={save}
    >
      {isProblem(error, 'version_mismatch') && (
        <Button onClick={() => forget('event')}>{t('desk.readAgain')}</Button>
      )}
    </EventForm>
  );
}
