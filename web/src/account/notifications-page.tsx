import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { api, ok, type Schemas } from '../api.js';
import { moment } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import { paged } from '../paged.js';
import { Button } from '../ui/button.js';
import { Blank, Load, More, Skeleton } from '../ui/states.js';
import { useForget } from '../ui/use-forget.js';
import { useTitle } from '../ui/use-title.js';

type Notification = Schemas['Notification'];

const notificationsQuery = {
  queryKey: ['notifications', 'list'],
  ...paged((at) => ok(api.GET('/api/v1/notifications', { params: { query: at } }))),
};

export function NotificationsPage() {
  const { t } = useTranslation();
  const forget = useForget();
  const news = useInfiniteQuery(notificationsQuery);
  useTitle(t('news.title'));
  const readAll = async () => {
    await ok(api.POST('/api/v1/notifications/read-all'));
    forget('notifications');
  };
  return (
    <div className="page narrow stack loose">
      <div className="row spread">
        <h1>{t('news.title')}</h1>
        <Link to="/account/notifications">{t('news.preferences')}</Link>
      </div>
      <Load of={news} waiting={<Skeleton height="5rem" count={4} />}>
        {({ pages }) => {
          const all = pages.flatMap(({ data }) => data);
          if (all.length === 0) return <Blank title={t('news.none')} text={t('news.noneText')} />;
          return (
            <>
              {all.some(({ readAt }) => !readAt) && (
                <div>
                  <Button onClick={() => void readAll()}>{t('news.readAll')}</Button>
                </div>
              )}
              <ul className="stack">
                {all.map((notification) => (
                  <Item key={notification.id} notification={notification} />
                ))}
              </ul>
              <More of={news} />
            </>
          );
        }}
      </Load>
    </div>
  );
}

function Item({
  notification: { id, kind, title, text, bookingId, eventId, createdAt, readAt },
}: {
  notification: Notification;
}) {
  const { t } = useTranslation();
  const forget = useForget();
  const to = kind.startsWith('waitlist.')
    ? '/waitlist'
    : bookingId
      ? `/bookings/${bookingId}`
      : eventId && `/events/${eventId}`;
  const read = async () => {
    if (readAt) return;
    await ok(api.POST('/api/v1/notifications/{id}/read', { params: { path: { id } } }));
    forget('notifications');
  };
  return (
    <li className="card stack tight">
      <div className="row spread">
        <h2 className="news-title">
          {to ? (
            <Link to={to} onClick={() => void read()}>
              {title}
            </Link>
          ) : (
            title
          )}
        </h2>
        {!readAt && <span className="badge warm">{t('news.unread')}</span>}
      </div>
      <p>{text}</p>
      <p className="small soft">{moment(createdAt)}</p>
    </li>
  );
}
