import { useQuery } from '@tanstack/react-query';
import { api, ok } from '../../api.js';
import { money, number } from '../../format.js';
import { useTranslation } from '../../i18n/index.js';
import { Button } from '../../ui/button.js';
import { TextArea } from '../../ui/field.js';
import { Form, textOf } from '../../ui/form.js';
import { Fault, Load, Skeleton } from '../../ui/states.js';
import { useForget } from '../../ui/use-forget.js';
import { useWork } from '../../ui/use-work.js';
import { cancellationQuery, eventSalesQuery } from '../queries.js';
import { useRights } from '../rights.js';
import type { Event } from './event-frame.js';

const LOOK_EVERY = 2_000;

/** Says what calling an event off does before it does it. */
export function CancelEvent({ event: { id, currency }, close }: { event: Event; close: () => void }) {
  const { t } = useTranslation();
  const forget = useForget();
  const { busy, error, run } = useWork();
  const known = useRights().may('money', id);
  const sales = useQuery({ ...eventSalesQuery(id), staleTime: 0, enabled: known });
  const cancel = (data: FormData) =>
    run(async () => {
      const reason = textOf(data, 'reason');
      await ok(
        api.POST('/api/v1/events/{id}/cancel', { params: { path: { id } }, body: reason ? { reason } : {} }),
      );
      forget('event', 'events', 'sales');
      close();
    });
  return (
    <Form submit={cancel} className="stack">
      {known ? (
        <Load of={sales} waiting={<Skeleton height="7rem" />}>
          {({ current, places }) => (
            <div className="notice danger">
              <strong>
                {t('desk.cancelTickets', { count: places.valid, orders: number(current.orders) })}
              </strong>
              <span>
                {t('desk.cancelMoney', {
                  amount: money(current.revenue.find((sum) => sum.currency === currency)?.net ?? 0, currency),
                })}
              </span>
              <span>{t('desk.cancelHolds', { count: current.open })}</span>
              <span>{t('desk.cancelForGood')}</span>
            </div>
          )}
        </Load>
      ) : (
        <p className="notice danger">{t('desk.cancelForGood')}</p>
      )}
      <TextArea label={t('desk.reason')} hint={t('desk.reasonHint')} name="reason" rows={2} maxLength={500} />
      <Fault error={error} />
      <div className="row">
        <Button look="danger" type="submit" busy={busy} disabled={known && !sales.data}>
          {t('desk.cancelForAll')}
        </Button>
        <Button onClick={close}>{t('desk.keepEvent')}</Button>
      </div>
    </Form>
  );
}

/** Progress of the refunds. */
export function CancellationProgress({ event: { id } }: { event: Event }) {
  const { t } = useTranslation();
  const progress = useQuery({
    ...cancellationQuery(id),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? LOOK_EVERY : false),
  });
  return (
    <Load of={progress} waiting={<Skeleton height="9rem" />}>
      {(found) =>
        found && (
          <section className="card stack" aria-labelledby="cancellation">
            <h2 id="cancellation">{t(`desk.cancellation.${found.state}`)}</h2>
            {found.reason && <p>{found.reason}</p>}
            <progress
              value={found.bookings.refunded}
              max={Math.max(1, found.bookings.total)}
              aria-label={t('desk.cancellation.progress')}
            />
            <dl className="pairs numbers">
              <dt>{t('desk.cancellation.refunded')}</dt>
              <dd>
                {number(found.bookings.refunded)} / {number(found.bookings.total)} ·{' '}
                {money(found.amounts.refunded, found.currency)}
              </dd>
              <dt>{t('desk.cancellation.pending')}</dt>
              <dd>
                {number(found.bookings.pending)} · {money(found.amounts.pending, found.currency)}
              </dd>
              <dt>{t('desk.cancellation.refused')}</dt>
              <dd>
                {number(found.bookings.refused)} · {money(found.amounts.refused, found.currency)}
              </dd>
            </dl>
            {found.refusals.length > 0 && (
              <ul className="lines">
                {found.refusals.map(({ refundId, code, amount, reason }) => (
                  <li key={refundId}>
                    {code} · {money(amount, found.currency)} · {reason}
                  </li>
                ))}
              </ul>
            )}
          </section>
        )
      }
    </Load>
  );
}
