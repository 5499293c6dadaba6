import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useParams } from 'react-router';
import { isProblem } from '../../api.js';
import { useTranslation } from '../../i18n/index.js';
import { EventHead } from '../../shop/event-head.js';
import { eventQuery } from '../../shop/queries.js';
import { RefundPolicy } from '../../shop/refund-policy.js';
import { saleOf } from '../../shop/sale.js';
import { Missing } from '../../ui/broken.js';
import { ButtonLink } from '../../ui/button.js';
import { Prose } from '../../ui/prose.js';
import { Load, Skeleton } from '../../ui/states.js';
import { useTitle } from '../../ui/use-title.js';
import { geometryQuery } from '../queries.js';
import type { Event } from './event-frame.js';
import { pricesOf, rowsOf } from './price-rows.js';
import { PricedHall } from './priced-hall.js';

/** A draft as buyers will see it. */
export function PreviewPage() {
  const { t } = useTranslation();
  const { id } = useParams() as { id: string };
  const event = useQuery(eventQuery(id));
  useTitle(t('desk.previewTitle'));
  if (isProblem(event.error, 'not_found', 'invalid_parameter')) return <Missing />;
  return (
    <div className="page stack loose">
      <div className="notice">
        <span>{t('desk.previewText')}</span>
        <div>
          <ButtonLink to={`/desk/events/${id}`}>{t('desk.previewBack')}</ButtonLink>
        </div>
      </div>
      <Load of={event} waiting={<Skeleton height="30rem" />}>
        {(found) => (
          <>
            <EventHead event={found} />
            <Sale event={found} />
            {found.description && (
              <section className="stack tight" id="about">
                <h2>{t('event.about')}</h2>
                <Prose markdown={found.description} />
              </section>
            )}
            <section className="stack tight">
              <h2>{t('event.returns')}</h2>
              <RefundPolicy policy={found.refundPolicy} />
            </section>
          </>
        )}
      </Load>
    </div>
  );
}

function Sale({ event }: { event: Event }) {
  const { t } = useTranslation();
  const geometry = useQuery(geometryQuery(event));
  const prices = useMemo(
    () => geometry.data && pricesOf(rowsOf(geometry.data, event), event.currency),
    [geometry.data, event],
  );
  const { text } = saleOf({ ...event, status: 'published' }, t);
  return (
    <>
      {text && <p className="notice">{text}</p>}
      <Load of={geometry} waiting={<Skeleton height="28rem" />}>
        {(found) => prices && <PricedHall geometry={found} prices={prices} currency={event.currency} />}
      </Load>
    </>
  );
}
