import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { api, isProblem, ok, type Schemas } from '../api.js';
import { money } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import { eventQuery } from '../shop/queries.js';
import { Button } from '../ui/button.js';
import { Check, Field } from '../ui/field.js';
import { Form } from '../ui/form.js';
import { Fault } from '../ui/states.js';
import { useForget } from '../ui/use-forget.js';
import { useWork } from '../ui/use-work.js';
import { grouped, isCardNumber, isCvc, isExpiry, isOver, TEST_CARDS } from './cards.js';
import { Declined } from './declined.js';
import { doing } from './own-deeds.js';
import { bookingQuery } from './queries.js';

type Booking = Schemas['Booking'];

const EMPTY = { number: '', expiry: '', cvc: '' };

const methodQuery = (sandbox: boolean) => ({
  queryKey: ['payment-method', sandbox],
  queryFn: () => ok(api.GET('/api/v1/payments/method', { params: { query: { sandbox: `${sandbox}` } } })),
  staleTime: 600_000,
});

/** The card, and what became of the last try. `begun`: another payment is under way. */
export function PaymentForm({
  booking,
  fellBack,
  begun,
  children,
}: {
  booking: Booking;
  fellBack: boolean;
  begun: () => void;
  /** Who sells, before the button that pays. */
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const { id, eventId, total, currency } = booking;
  const queries = useQueryClient();
  const forget = useForget();
  const { busy, error, run } = useWork();
  const { data: event } = useQuery(eventQuery(eventId));
  const { data: method } = useQuery({
    ...methodQuery(event?.sandbox ?? false),
    enabled: event !== undefined,
  });
  const [card, setCard] = useState(EMPTY);
  const [substitutes, setSubstitutes] = useState(false);
  const [asked, setAsked] = useState(false);
  const free = total === 0;
  const faults = {
    number: isCardNumber(card.number) ? undefined : t('checkout.wrongCard'),
    expiry: !isExpiry(card.expiry)
      ? t('checkout.wrongExpiry')
      : isOver(card.expiry)
        ? t('checkout.overExpiry')
        : undefined,
    cvc: isCvc(card.cvc) ? undefined : t('checkout.wrongCvc'),
  };

  const pay = async () => {
    setAsked(true);
    if (!free && (faults.number ?? faults.expiry ?? faults.cvc)) return;
    doing(id);
    await run(async () => {
      try {
        const payment = { method: 'card' as const, card };
        const answer = await ok(
          api.POST('/api/v1/bookings/{id}/checkout', {
            params: { path: { id } },
            body: { ...(!free && { payment }), substitutes },
          }),
        );
        queries.setQueryData(bookingQuery(id).queryKey, answer);
        begun();
        forget('bookings', 'tickets');
      } catch (thrown) {
        forget('booking');
        throw thrown;
      }
    });
  };
  if (!free && method && method.method !== 'card')
    return <p className="notice warm">{t('checkout.unsupported')}</p>;
  const declined = isProblem(error, 'payment_declined') ? error : undefined;
  return (
    <section className="card stack" aria-labelledby="payment">
      <div className="row spread">
        <h2 id="payment">{t('checkout.payment')}</h2>
        {method?.provider === 'sandbox' && <span className="badge">{t('checkout.testShop')}</span>}
      </div>
      {declined || (fellBack && !error) ? (
        <Declined bookingId={id} reason={declined?.body.reason as string | undefined} />
      ) : (
        <Fault error={error} />
      )}
      <Form submit={pay} className="stack" noValidate>
        {!free && (
          <>
            <Field
              label={t('checkout.card')}
              fault={asked ? faults.number : undefined}
              name="number"
              inputMode="numeric"
              autoComplete="cc-number"
              placeholder="4242 4242 4242 4242"
              value={card.number}
              onChange={({ target }) => setCard({ ...card, number: grouped(target.value) })}
            />
            <div className="two">
              <Field
                label={t('checkout.expiry')}
                fault={asked ? faults.expiry : undefined}
                name="expiry"
                inputMode="numeric"
                autoComplete="cc-exp"
                placeholder={t('checkout.expiryHint')}
                maxLength={5}
                value={card.expiry}
                onChange={({ target }) => setCard({ ...card, expiry: slashed(target.value, card.expiry) })}
              />
              <Field
                label={t('checkout.cvc')}
                fault={asked ? faults.cvc : undefined}
                name="cvc"
                inputMode="numeric"
                autoComplete="cc-csc"
                placeholder="123"
                maxLength={4}
                value={card.cvc}
                onChange={({ target }) => setCard({ ...card, cvc: target.value.replaceAll(/\D/g, '') })}
              />
            </div>
          </>
        )}
        <details className="small">
          <summary>{t('checkout.moreChoices')}</summary>
          <Check
            label={t('checkout.substitutes')}
            checked={substitutes}
            onChange={({ target }) => setSubstitutes(target.checked)}
          />
        </details>
        {children}
        <Button look="main" wide type="submit" busy={busy}>
          {busy
            ? t('checkout.paying')
            : free
              ? t('checkout.confirmFree')
              : t('checkout.pay', { amount: money(total, currency) })}
        </Button>
      </Form>
      {!free && method?.provider === 'sandbox' && <TestCards use={(number) => setCard(filled(number))} />}
    </section>
  );
}

/** A date far enough and any code: the sandbox looks at the number only. */
const filled = (number: string) => ({
  number,
  expiry: `12/${String(new Date().getFullYear() + 3).slice(2)}`,
  cvc: '123',
});

/** Writes the slash, unless it was just deleted. */
function slashed(text: string, before: string): string {
  const digits = text.replaceAll(/\D/g, '').slice(0, 4);
  if (digits.length === 2 && before.length === 3) return digits;
  return digits.length >= 2 ? `${digits.slice(0, 2)}/${digits.slice(2)}` : digits;
}

function TestCards({ use }: { use: (number: string) => void }) {
  const { t } = useTranslation();
  return (
    <details className="test-cards">
      <summary>{t('checkout.testSummary')}</summary>
      <p className="small soft">{t('checkout.test')}</p>
      <ul className="lines">
        {TEST_CARDS.map(([number, does]) => (
          <li key={number} className="row spread">
            <span>
              <code>{number}</code> {t(`checkout.cards.${does}`)}
            </span>
            <Button onClick={() => use(number)} aria-label={t('checkout.use', { card: number })}>
              {t('checkout.useShort')}
            </Button>
          </li>
        ))}
      </ul>
    </details>
  );
}
