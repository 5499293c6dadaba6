import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { useTranslation } from '../i18n/index.js';
import { eventQuery } from '../shop/queries.js';

/** The way to an event on the desk, by its title as soon as that is known. */
export function EventLink({ id }: { id: string }) {
  const { t } = useTranslation();
  const { data: event } = useQuery(eventQuery(id));
  return <Link to={`/desk/events/${id}`}>{event?.title ?? t('operator.event')}</Link>;
}
