import { useState } from 'react';
import { useNavigate } from 'react-router';
import { api, isProblem, ok, type Schemas } from '../api.js';
import { useTranslation } from '../i18n/index.js';
import { Button } from '../ui/button.js';
import { Sheet } from '../ui/sheet.js';
import { Fault } from '../ui/states.js';
import { useToast } from '../ui/toasts.js';
import { useForget } from '../ui/use-forget.js';
import { useWork } from '../ui/use-work.js';
import { Countdown } from './countdown.js';

/** Time for which the places are still kept, with buttons to extend or release them. */
export function HoldBar({ booking: { id, eventId, expiresAt } }: { booking: Schemas['Booking'] }) {
  const { t } = useTranslation();
  const go = useNavigate();
  const say = useToast();
  const forget = useForget();
  const { busy, error, run } = useWork();
  const [leaving, setLeaving] = useState(false);
  const [extended, setExtended] = useState(false);
  const params = { path: { id } };
  const extend = () =>
    run(async () => {
      await ok(api.POST('/api/v1/bookings/{id}/extend', { params }));
      setExtended(true);
      forget('booking', 'bookings');
      say(t('hold.extended'));
    });
  const release = () =>
    run(async () => {
      await ok(api.DELETE('/api/v1/bookings/{id}', { params }));
      forget('bookings');
      await go(`/events/${eventId}`);
      say(t('hold.released'));
    });
  return (
    <div className="card stack tight hold-bar">
      <div className="row spread">
        {expiresAt && <Countdown until={expiresAt} over={() => forget('booking', 'bookings')} />}
        <div className="row">
          <Button busy={busy} disabled={extended || isProblem(error, 'already_extended')} onClick={extend}>
            {t('hold.extend')}
          </Button>
          <Button look="quiet" onClick={() => setLeaving(true)}>
            {t('hold.release')}
          </Button>
        </div>
      </div>
      <Fault error={error} />
      {leaving && (
        <Sheet title={t('hold.release')} close={() => setLeaving(false)}>
          <p>{t('hold.releaseSure')}</p>
          <div className="row">
            <Button look="danger" busy={busy} onClick={release}>
              {t('hold.release')}
            </Button>
            <Button onClick={() => setLeaving(false)}>{t('app.cancel')}</Button>
          </div>
        </Sheet>
      )}
    </div>
  );
}
