import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { api, ok } from '../api.js';
import { eventQuery } from '../shop/queries.js';
import { Button } from '../ui/button.js';
import { Sheet } from '../ui/sheet.js';
import { Fault } from '../ui/states.js';
import { useToast } from '../ui/toasts.js';
import { useForget } from '../ui/use-forget.js';
import { useWork } from '../ui/use-work.js';
import { CancelEvent, CancellationProgress } from './event-cancellation.js';
import type { Event } from './event-frame.js';

/** Where an event is in its life, and what can become of it. */
export function Lifecycle({ event }: { event: Event }) {
  if (event.status === 'draft') return <Draft event={event} />;
  if (event.status === 'published') return <OnSale event={event} />;
  return event.status === 'cancelled' ? <CancellationProgress event={event} /> : null;
}

function Draft({ event: { id, priceTiers } }: { event: Event }) {
  const { t } = useTranslation();
  const go = useNavigate();
  const queries = useQueryClient();
  const forget = useForget();
  const say = useToast();
  const { busy, error, run } = useWork();
  const priced = priceTiers.length > 0;
  const params = { path: { id } };
  const publish = () =>
    run(async () => {
      const published = await ok(api.POST('/api/v1/events/{id}/publish', { params }));
      queries.setQueryData(eventQuery(id).queryKey, published);
      forget('events');
      say(t('desk.published'));
    });
  const remove = () =>
    run(async () => {
      await ok(api.DELETE('/api/v1/events/{id}', { params }));
      forget('events');
      await go('/desk');
    });
  return (
    <section className="card stack" aria-labelledby="draft">
      <h2 id="draft">{t('desk.draftTitle')}</h2>
      <p>{priced ? t('desk.draftText') : t('desk.draftUnpriced')}</p>
      <Fault error={error} />
      <div className="row">
        {priced ? (
          <Button look="main" busy={busy} onClick={publish}>
            {t('desk.publish')}
          </Button>
        ) : (
          <Link className="button main" to={`/desk/events/${id}/places`}>
            {t('desk.setPrices')}
          </Link>
        )}
        <Button look="danger" busy={busy} onClick={() => confirm(t('desk.deleteSure')) && remove()}>
          {t('desk.delete')}
        </Button>
      </div>
    </section>
  );
}

function OnSale({ event }: { event: Event }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <section className="row spread">
      <p className="soft">{t('desk.onSaleText')}</p>
      <Button look="danger" onClick={() => setOpen(true)}>
        {t('desk.cancelEvent')}
      </Button>
      {open && (
        <Sheet title={t('desk.cancelEvent')} close={() => setOpen(false)}>
          <CancelEvent event={event} close={() => setOpen(false)} />
        </Sheet>
      )}
    </section>
  );
}
