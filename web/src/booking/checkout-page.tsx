import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { isProblem, type Schemas } from '../api.js';
import { useSeller } from '../house/house.js';
import { useTranslation } from '../i18n/index.js';
import { eventQuery } from '../shop/queries.js';
import { Missing } from '../ui/broken.js';
import { Button } from '../ui/button.js';
import { Load, Skeleton } from '../ui/states.js';
import { useTitle } from '../ui/use-title.js';
import { Ended } from './ended.js';
import { HoldBar } from './hold-bar.js';
import { Order } from './order.js';
import { PaymentForm } from './payment-form.js';
import { bookingQuery } from './queries.js';
import { Seller } from './seller.js';
import { UnderWay } from './under-way.js';

type Booking = Schemas['Booking'];

const POLL_EVERY = 1_500;

/** Page from the hold to the tickets. */
export function CheckoutPage() {
  const { t } = useTranslation();
  const { id } = useParams() as { id: string };
  const booking = useQuery({
    ...bookingQuery(id),
    // The socket says so sooner, where it gets through.
    refetchInterval: ({ state }) => (state.data?.status === 'paying' ? POLL_EVERY : false),
  });
  useTitle(t('checkout.title'));
  if (isProblem(booking.error, 'not_found', 'invalid_parameter')) return <Missing />;
  return (
    <div className="page stack loose">
      <h1>{t('checkout.title')}</h1>
      <Load of={booking} waiting={<Skeleton height="24rem" />}>
        {(found) => <Steps booking={found} />}
      </Load>
    </div>
  );
}

function Steps({ booking }: { booking: Booking }) {
  const { t } = useTranslation();
  const { id, status, eventId } = booking;
  const go = useNavigate();
  const { data: event } = useQuery(eventQuery(eventId));
  useSeller(event?.organizerId);
  const [other, setOther] = useState(false);
  const before = useRef(status);
  const [fellBack, setFellBack] = useState(false);

  useEffect(() => {
    if (status === 'confirmed') void go(`/bookings/${id}?new=1`, { replace: true });
    if (status !== 'paying') setOther(false);
    // A payment that was declined after the answer to the request.
    if (before.current === 'paying' && status === 'held') setFellBack(true);
    before.current = status;
  }, [status, id, go]);

  if (status !== 'held' && status !== 'paying' && status !== 'confirmed') return <Ended booking={booking} />;
  return (
    <div className="checkout">
      <div className="stack">
        {status === 'held' && <HoldBar booking={booking} />}
        {status === 'paying' && other && (
          <div className="notice warm">
            <span>{t('checkout.otherText')}</span>
            <div>
              <Button onClick={() => setOther(false)}>{t('checkout.redirect')}</Button>
            </div>
          </div>
        )}
        {(status === 'held' || other) && (
          <PaymentForm booking={booking} fellBack={fellBack} begun={() => setOther(false)}>
            {event && <Seller event={event} />}
          </PaymentForm>
        )}
        {status === 'paying' && !other && <UnderWay booking={booking} otherCard={() => setOther(true)} />}
      </div>
      <Order booking={booking} event={event} />
    </div>
  );
}
