import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { isProblem, type Schemas } from '../api.js';
import { eventQuery } from '../shop/queries.js';
import { Missing } from '../ui/broken.js';
import { ButtonLink } from '../ui/button.js';
import { Blank, Load, Skeleton } from '../ui/states.js';
import { useTitle } from '../ui/use-title.js';
import { HoldBar } from './hold-bar.js';
import { Order } from './order.js';
import { PaymentForm } from './payment-form.js';
import { bookingQuery } from './queries.js';
import { forgetStep, readStep } from './second-step.js';
import { UnderWay } from './under-way.js';

type Booking = Schemas['Booking'];

const POLL_EVERY = 1_500;

/** From the hold to the tickets. */
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
  const [step, setStep] = useState(() => readStep(id));
  const before = useRef(status);
  const [fellBack, setFellBack] = useState(false);

  useEffect(() => {
    if (status === 'confirmed') void go(`/bookings/${id}?new=1`, { replace: true });
    if (status !== 'paying') {
      forgetStep(id);
      setStep(undefined);
    }
    // A payment that was declined after the answer to the request.
    if (before.current === 'paying' && status === 'held') setFellBack(true);
    before.current = status;
  }, [status, id, go]);

  if (status !== 'held' && status !== 'paying' && status !== 'confirmed')
    return (
      <Blank title={t('hold.over')} text={t('hold.overText')}>
        <ButtonLink look="main" to={`/events/${eventId}`}>
          {t('hold.again')}
        </ButtonLink>
      </Blank>
    );
  return (
    <div className="checkout">
      <div className="stack">
        {status === 'held' && <HoldBar booking={booking} />}
        {status === 'held' && <PaymentForm booking={booking} fellBack={fellBack} begun={setStep} />}
        {status === 'paying' && <UnderWay booking={booking} step={step} done={() => setStep(undefined)} />}
      </div>
      <Order booking={booking} event={event} />
    </div>
  );
}
