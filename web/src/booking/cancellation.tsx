import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok, type Schemas } from '../api.js';
import { moment, money } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import { placeName } from '../place.js';
import { Button } from '../ui/button.js';
import { Check } from '../ui/field.js';
import { Sheet } from '../ui/sheet.js';
import { Failure, Fault, Skeleton } from '../ui/states.js';
import { useToast } from '../ui/toasts.js';
import { useForget } from '../ui/use-forget.js';
import { useWork } from '../ui/use-work.js';
import { doing } from './own-deeds.js';
import { bookingTicketsQuery } from './queries.js';

type Booking = Schemas['Booking'];

const quoteQuery = (id: string, items: string[]) => ({
  // Not a part of the booking: what was just given back must not be asked for again.
  queryKey: ['refund-quote', id, ...items],
  queryFn: () =>
    ok(
      api.GET('/api/v1/bookings/{id}/refund-quote', {
        params: { path: { id }, query: { items: items.join(',') } },
      }),
    ),
});

/** Giving back all or some of it, with what comes back for it said before. */
export function Cancellation({ booking }: { booking: Booking }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <div>
      <Button look="danger" onClick={() => setOpen(true)}>
        {t('booking.cancel')}
      </Button>
      {open && (
        <Sheet title={t('booking.cancelTitle')} close={() => setOpen(false)}>
          <Pick booking={booking} close={() => setOpen(false)} />
        </Sheet>
      )}
    </div>
  );
}

function Pick({ booking, close }: { booking: Booking; close: () => void }) {
  const { t } = useTranslation();
  const say = useToast();
  const forget = useForget();
  const { busy, error, run } = useWork();
  const { id, currency } = booking;
  const { data: tickets } = useQuery(bookingTicketsQuery(id));
  const live = booking.items.filter(({ status }) => status === 'confirmed');
  /** Why a ticket cannot be given back; undefined when it can. */
  const kept = (item: string) => {
    const status = tickets?.data.find(({ itemId }) => itemId === item)?.status;
    return status === 'used' || status === 'transferred' ? t(`ticket.status.${status}`) : undefined;
  };
  const [picked, setPicked] = useState<string[]>(live.length === 1 ? [live[0]!.id] : []);
  // While they are being given back they are live no longer, one after the other.
  const chosen = busy ? picked : picked.filter((item) => live.some((one) => one.id === item) && !kept(item));
  const quote = useQuery({
    ...quoteQuery(id, chosen),
    // A refund for tickets that were used or given back is refused, so it is not asked for.
    enabled: !busy && tickets !== undefined && chosen.length > 0,
  });
  const cancel = () => {
    doing(id);
    setPicked(chosen);
    return run(async () => {
      const now = await ok(
        api.POST('/api/v1/bookings/{id}/cancel', { params: { path: { id } }, body: { items: chosen } }),
      );
      forget('booking', 'bookings', 'tickets');
      close();
      const underWay = now.items.some(({ status }) => status === 'cancelling');
      const amount = money(quote.data?.amount ?? 0, currency);
      say(underWay ? t('booking.cancelUnderWay') : t('booking.cancelDone', { amount }));
    });
  };
  return (
    <div className="stack">
      <fieldset className="stack tight">
        <legend className="label">{t('booking.cancelPick')}</legend>
        {live.map((item) => (
          <Check
            key={item.id}
            label={[placeName(item), money(item.price, currency), kept(item.id)].filter(Boolean).join(' · ')}
            disabled={kept(item.id) !== undefined}
            checked={chosen.includes(item.id)}
            onChange={({ target }) =>
              setPicked(target.checked ? [...chosen, item.id] : chosen.filter((other) => other !== item.id))
            }
          />
        ))}
      </fieldset>
      <div role="status" className="quote">
        {chosen.length > 0 && quote.isPending && <Skeleton height="3rem" />}
        {quote.error && <Failure error={quote.error} retry={() => void quote.refetch()} />}
        {quote.data && <Quote quote={quote.data} />}
      </div>
      <Fault error={error} />
      <div className="row">
        <Button look="danger" busy={busy} disabled={!quote.data || chosen.length === 0} onClick={cancel}>
          {t('booking.cancelConfirm', { count: chosen.length })}
        </Button>
        <Button onClick={close}>{t('app.cancel')}</Button>
      </div>
    </div>
  );
}

function Quote({ quote: { amount, price, currency, validUntil } }: { quote: Schemas['RefundQuote'] }) {
  const { t } = useTranslation();
  const words = { amount: money(amount, currency), price: money(price, currency) };
  return (
    <div className={amount > 0 ? 'notice good' : 'notice warm'}>
      <strong>{amount > 0 ? t('booking.cancelQuote', words) : t('booking.cancelNothing', words)}</strong>
      {amount > 0 && <span className="small">{t('booking.cancelUntil', { date: moment(validUntil) })}</span>}
    </div>
  );
}
