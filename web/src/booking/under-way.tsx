import { api, ok, type Schemas } from '../api.js';
import { money } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import { Button } from '../ui/button.js';
import { Fault } from '../ui/states.js';
import { useForget } from '../ui/use-forget.js';
import { useWork } from '../ui/use-work.js';
import { doing } from './own-deeds.js';

/** A payment that needs the buyer once more, or just time. */
export function UnderWay({
  booking: { id, nextAction: step, total, currency },
  otherCard,
}: {
  booking: Schemas['Booking'];
  otherCard: () => void;
}) {
  const { t } = useTranslation();
  const forget = useForget();
  const { busy, error, run } = useWork();
  if (step?.type === 'redirect')
    return (
      <section className="card stack">
        <h2>{t('checkout.secondTitle')}</h2>
        <p>{t('checkout.secondText', { amount: money(total, currency) })}</p>
        <div className="row">
          <a className="button main" href={step.url}>
            {t('checkout.redirect')}
          </a>
          <Button onClick={otherCard}>{t('checkout.otherCard')}</Button>
        </div>
      </section>
    );
  if (step?.type !== 'confirm') return <Waiting />;
  // The address names the sandbox's own charge; it may be written with another host than this page has.
  const ref = new URL(step.url).pathname.split('/').at(-2)!;
  const answer = (approve: boolean) =>
    run(async () => {
      doing(id);
      await ok(
        api.POST('/api/v1/payments/sandbox/{ref}/confirm', { params: { path: { ref } }, body: { approve } }),
      );
      forget('booking', 'bookings');
    });
  return (
    <section className="card stack" aria-labelledby="second">
      <h2 id="second">{t('checkout.secondTitle')}</h2>
      <p>{t('checkout.secondText', { amount: money(total, currency) })}</p>
      <Fault error={error} />
      <div className="row">
        <Button look="main" busy={busy} onClick={() => answer(true)}>
          {t('checkout.approve')}
        </Button>
        <Button busy={busy} onClick={() => answer(false)}>
          {t('checkout.refuse')}
        </Button>
        <Button look="quiet" busy={busy} onClick={otherCard}>
          {t('checkout.otherCard')}
        </Button>
      </div>
    </section>
  );
}

function Waiting() {
  const { t } = useTranslation();
  return (
    <section className="card stack" role="status">
      <h2>{t('checkout.waiting')}</h2>
      <div className="skeleton" style={{ height: '0.5rem' }} />
      <p className="soft">{t('checkout.waitingText')}</p>
    </section>
  );
}
