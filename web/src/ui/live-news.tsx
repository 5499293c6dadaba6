import { useEffect } from 'react';
import { Link } from 'react-router';
import { api, client } from '../api.js';
import { wasDoneHere } from '../booking/own-deeds.js';
import { timeOfDay } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import { useToast } from './toasts.js';
import { useForget } from './use-forget.js';

/** News from the server for the person who is logged in, on every page. */
export function LiveNews() {
  const { t } = useTranslation();
  const say = useToast();
  const forget = useForget();
  useEffect(() => {
    const stops = [
      client.live.on('signedIn', () =>
        forget('bookings', 'booking', 'tickets', 'event', 'waitlist', 'notifications'),
      ),
      client.live.on('booking.changed', () => forget('bookings', 'booking', 'tickets', 'event')),
      client.live.on('waitlist.offer', ({ quantity, expiresAt }) => {
        forget('waitlist');
        say(
          <>
            <span>{t('wait.offerText', { count: quantity, time: timeOfDay(expiresAt) })}</span>
            <Link to="/waitlist">{t('booking.show')}</Link>
          </>,
          30_000,
        );
      }),
      // The desk shows what one may do now, and each of its pages asks again.
      client.live.on('rights.changed', () => forget('me', 'organisations', 'members', 'events')),
      client.live.on('notification', async (news) => {
        const { id, kind, title } = news;
        if (wasDoneHere(news)) {
          // Read before it is counted; where that fails it is news like any other.
          await api.POST('/api/v1/notifications/{id}/read', { params: { path: { id } } }).catch(() => {});
          forget('notifications');
          return;
        }
        forget('notifications');
        if (kind.startsWith('event.')) forget('event', 'venue');
        // The offer has said so itself.
        if (kind !== 'waitlist.offered') say(title);
      }),
    ];
    client.live.open();
    return () => {
      for (const stop of stops) stop();
    };
  });
  return null;
}
