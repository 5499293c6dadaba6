import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { fetchFile, type Schemas } from '../api.js';
import { moment, money, shortTimes } from '../format.js';
import { useTranslation } from '../i18n/index.js';
import { placeName } from '../place.js';
import { EventName } from '../shop/event-name.js';
import { eventQuery } from '../shop/queries.js';
import { Button } from '../ui/button.js';
import { Sheet } from '../ui/sheet.js';

type Ticket = Schemas['Ticket'];

const LOOKS: Record<Ticket['status'], string> = {
  valid: 'good',
  used: '',
  transferred: '',
  cancelled: 'danger',
};

/** One ticket with the code that lets in. */
export function TicketCard({ ticket, children }: { ticket: Ticket; children?: ReactNode }) {
  const { t } = useTranslation();
  const { id, code, status, price, currency, eventId, checkedInAt, token } = ticket;
  const { data: event } = useQuery(eventQuery(eventId));
  return (
    <article className={status === 'valid' ? 'ticket' : 'ticket past'}>
      <div className="stack tight">
        <div className="row spread">
          <span className={`badge ${LOOKS[status]}`}>{t(`ticket.status.${status}`)}</span>
          {code && <code>{code}</code>}
        </div>
        <h3>{placeName(ticket)}</h3>
        <p className="small">
          <EventName event={event} />
        </p>
        <p className="small soft">
          {event && `${shortTimes(event)} · `}
          <span className="numbers">{money(price, currency)}</span>
        </p>
        {checkedInAt && <p>{t('ticket.entered', { date: moment(checkedInAt) })}</p>}
        {children}
      </div>
      {token && <Code id={id} code={code!} place={placeName(ticket)} used={status === 'used'} />}
    </article>
  );
}

/** A used one is dimmed: it lets nobody in, but staff inside may still want to read it. */
function Code({ id, code, place, used }: { id: string; code: string; place: string; used: boolean }) {
  const { t } = useTranslation();
  const { data } = useQuery({
    // Not a part of the tickets: that of a ticket which was given back must not be asked for again.
    queryKey: ['ticket-code', id, code],
    queryFn: () => fetchFile(`/api/v1/tickets/${id}/qr.svg`),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [url, setUrl] = useState<string>();
  const [large, setLarge] = useState(false);
  useEffect(() => {
    if (!data) return;
    const made = URL.createObjectURL(data);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [data]);
  return (
    <div className={used ? 'qr used' : 'qr'}>
      {url ? (
        <button type="button" aria-label={t('ticket.enlarge', { code })} onClick={() => setLarge(true)}>
          <img src={url} alt={t('ticket.qr', { code })} width="168" height="168" />
        </button>
      ) : (
        <div className="skeleton" />
      )}
      {large && url && (
        <Sheet title={place} close={() => setLarge(false)}>
          <LargeCode url={url} code={code} />
          <Button wide onClick={() => setLarge(false)}>
            {t('app.close')}
          </Button>
        </Sheet>
      )}
    </div>
  );
}

/** For the gate: as large as the screen allows, which stays on meanwhile. */
function LargeCode({ url, code }: { url: string; code: string }) {
  const { t } = useTranslation();
  useEffect(() => {
    // Browsers without it, and those that are short of power, let the screen go dark.
    const lock = navigator.wakeLock?.request('screen').catch(() => undefined);
    return () => void lock?.then((held) => held?.release());
  }, []);
  return (
    <div className="qr-large">
      <img src={url} alt={t('ticket.qr', { code })} />
      <code>{code}</code>
    </div>
  );
}
