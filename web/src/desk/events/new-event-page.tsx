import { useNavigate, useSearchParams } from 'react-router';
import { api, ok } from '../../api.js';
import { useTranslation } from '../../i18n/index.js';
import { useForget } from '../../ui/use-forget.js';
import { useTitle } from '../../ui/use-title.js';
import { useWork } from '../../ui/use-work.js';
import { EventForm } from './event-form.js';
import { bodyOf, type Values } from './event-values.js';

const USUAL: Values = {
  currency: 'EUR',
  maxSeatsPerBooking: '10',
  holdMinutes: '10',
  fullUntilHours: '0',
  partialPercent: '0',
  feePerTicket: '0',
  refundFees: 'on',
};

export function NewEventPage() {
  const { t } = useTranslation();
  const go = useNavigate();
  const forget = useForget();
  const [search] = useSearchParams();
  const { busy, error, run } = useWork();
  useTitle(t('desk.newEvent'));
  const create = (values: Values, zone: string) =>
    run(async () => {
      const { id } = await ok(api.POST('/api/v1/events', { body: bodyOf(values, zone) }));
      forget('events');
      await go(`/desk/events/${id}/places`);
    });
  return (
    <div className="page narrow stack loose">
      <div className="stack tight">
        <h1>{t('desk.newEvent')}</h1>
        <p className="soft">{t('desk.newEventText')}</p>
      </div>
      <EventForm
        values={{ ...USUAL, venueId: search.get('venue') ?? '' }}
        busy={busy}
        error={error}
        submit={create}
      />
    </div>
  );
}
