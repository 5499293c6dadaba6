import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { api, ok } from '../../api.js';
import { useTranslation } from '../../i18n/index.js';
import { eventQuery } from '../../shop/queries.js';
import { Load, Skeleton } from '../../ui/states.js';
import { useToast } from '../../ui/toasts.js';
import { useForget } from '../../ui/use-forget.js';
import { useTitle } from '../../ui/use-title.js';
import { useWork } from '../../ui/use-work.js';
import { EventForm } from '../event-form/event-form.js';
import { bodyOf, type Values, valuesOf } from '../event-form/event-values.js';
import type { PictureWork } from '../event-form/picture-part.js';
import { uploadPicture } from '../event-form/upload.js';
import { useRights } from '../rights.js';
import type { Event } from './event-frame.js';

const USUAL: Values = {
  currency: 'EUR',
  maxSeatsPerBooking: '10',
  holdMinutes: '10',
  fullUntilHours: '0',
  partialPercent: '0',
  feePerTicket: '0',
  refundFees: 'on',
};
const DATES = ['startsAt', 'endsAt', 'doorsAt', 'saleStartsAt', 'saleEndsAt'];
const withoutDates = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !DATES.includes(name)));

/** A price as it is sent. */
const named = ({ name, price, category, area }: Event['priceTiers'][number]) => ({
  name,
  price,
  ...(category === null ? { area: area! } : { category }),
});

/** A new draft: an empty one, or with the hall, prices and texts of another event (`?from=`). */
export function NewEventPage() {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const from = search.get('from') ?? '';
  const source = useQuery({ ...eventQuery(from), enabled: from !== '' });
  useTitle(t('desk.newEvent'));
  return (
    <div className="page stack loose">
      <div className="stack tight">
        <h1>{t('desk.newEvent')}</h1>
        <p className="soft">
          {source.data ? t('desk.copyText', { title: source.data.title }) : t('desk.newEventText')}
        </p>
      </div>
      {from === '' ? (
        <NewEvent values={{ ...USUAL, venueId: search.get('venue') ?? '' }} />
      ) : (
        <Load of={source} waiting={<Skeleton height="30rem" />}>
          {(found) => <NewEvent values={withoutDates(valuesOf(found, found.timezone))} source={found} />}
        </Load>
      )}
    </div>
  );
}

function NewEvent({ values, source }: { values: Values; source?: Event }) {
  const { t } = useTranslation();
  const { may } = useRights();
  const go = useNavigate();
  const forget = useForget();
  const say = useToast();
  const { busy, error, run } = useWork();
  const file = useRef<File>(undefined);
  const [image, setImage] = useState(source?.image ?? null);
  const picture: PictureWork = {
    title: values.title ?? '',
    image,
    // There is no event yet to which it could be sent.
    take: async (chosen) => {
      file.current = chosen;
    },
    remove: async () => {
      file.current = undefined;
      setImage(null);
    },
  };
  const create = (sent: Values, zone: string) =>
    run(async () => {
      const body = bodyOf(sent, zone);
      const fits = may('prices') && source?.planId === body.planId && source.currency === body.currency;
      const priceTiers = fits ? source.priceTiers.map(named) : [];
      const imageHash = image?.hash ?? null;
      const sandbox = sent.sandbox === 'on';
      const made = await ok(
        api.POST('/api/v1/events', { body: { ...body, priceTiers, imageHash, sandbox } }),
      );
      // The draft is there, also when its picture is not.
      const isWhole = !file.current || (await isUploaded(made, file.current));
      forget('events');
      if (!isWhole) say(t('desk.pictureRefused'));
      await go(`/desk/events/${made.id}${isWhole ? '/places' : ''}`);
    });
  return (
    <EventForm
      values={values}
      draftKey={`new.${source?.id ?? ''}`}
      busy={busy}
      error={error}
      picture={picture}
      submit={create}
    />
  );
}

const isUploaded = (event: Event, file: File): Promise<boolean> =>
  uploadPicture(event, file, () => {}).then(
    () => true,
    () => false,
  );
