import { useQueryClient } from '@tanstack/react-query';
import { api, isProblem, ok, type Schemas } from '../../api.js';
import { useTranslation } from '../../i18n/index.js';
import { useSession } from '../../session.js';
import { eventQuery } from '../../shop/queries.js';
import { Button } from '../../ui/button.js';
import { useToast } from '../../ui/toasts.js';
import { useForget } from '../../ui/use-forget.js';
import { useWork } from '../../ui/use-work.js';
import { changesOf } from '../changes.js';
import { moveDraft } from '../event-form/draft.js';
import { EventForm } from '../event-form/event-form.js';
import { bodyOf, type Values, valuesOf } from '../event-form/event-values.js';
import type { PictureWork } from '../event-form/picture-part.js';
import { uploadPicture } from '../event-form/upload.js';
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

const draftKeyOf = ({ id, version }: Schemas['Event']): string => `${id}.${version}`;

function Details() {
  const { t } = useTranslation();
  const event = useEvent();
  const { id, version, timezone, status } = event;
  const { user } = useSession();
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
  /** Takes over an event whose picture was changed, with what is written in the form. */
  const pictured = (changed: Schemas['Event']) => {
    moveDraft(`${user?.id}.${draftKeyOf(event)}`, `${user?.id}.${draftKeyOf(changed)}`);
    queries.setQueryData(eventQuery(id).queryKey, changed);
    forget('events');
  };
  const picture: PictureWork = {
    title: event.title,
    image: event.image,
    take: async (file, progress) => pictured(await uploadPicture(event, file, progress)),
    remove: async () =>
      pictured(
        await ok(
          api.DELETE('/api/v1/events/{id}/image', {
            params: { path: { id }, header: { 'If-Match': `"v${version}"` } },
          }),
        ),
      ),
  };
  if (status === 'cancelled' || status === 'completed') return null;
  return (
    <EventForm
      values={values}
      draftKey={draftKeyOf(event)}
      picture={picture}
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
