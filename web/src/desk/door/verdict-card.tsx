import { moment } from '../../format.js';
import { useTranslation } from '../../i18n/index.js';
import { placeName } from '../../place.js';
import { SandboxBadge } from '../../shop/event-name.js';
import { Button } from '../../ui/button.js';
import { useErrorText } from '../../ui/errors.js';
import { MAIN_GATE, type Scanned, type Verdict } from './check-in.js';

type Admitted = Extract<Verdict, { kind: 'admitted' }>;

/** Large enough to be read at arm's length; the sign says the same as the colour. */
export function VerdictCard({
  verdict,
  busy,
  takeBack,
}: {
  verdict: Verdict | undefined;
  busy: boolean;
  takeBack: (admitted: Admitted) => void;
}) {
  const { t } = useTranslation();
  const text = useErrorText();
  const gateName = useGateName();
  const looks = { admitted: 'good', undone: 'warm', used: 'danger', refused: 'danger' } as const;
  return (
    <div
      className={verdict ? `verdict ${looks[verdict.kind]}` : 'verdict'}
      role="status"
      aria-live="assertive"
    >
      {!verdict && <p className="soft">{t('gate.ready')}</p>}
      {verdict?.kind === 'admitted' && (
        <>
          <strong>✓ {t('gate.admitted')}</strong>
          <Whose ticket={verdict.ticket} />
          <Button busy={busy} onClick={() => takeBack(verdict)}>
            {t('gate.undo')}
          </Button>
        </>
      )}
      {verdict?.kind === 'undone' && (
        <>
          <strong>↺ {t('gate.undone')}</strong>
          <Whose ticket={verdict.ticket} />
        </>
      )}
      {verdict?.kind === 'used' && (
        <>
          <strong>✕ {t('gate.used')}</strong>
          {verdict.ticket && <Whose ticket={verdict.ticket} />}
          <span>{t('gate.usedAt', { date: moment(verdict.at), gate: gateName(verdict.gate) })}</span>
        </>
      )}
      {verdict?.kind === 'refused' && (
        <>
          <strong>✕ {t('gate.refused')}</strong>
          <span>{text(verdict.error)}</span>
        </>
      )}
    </div>
  );
}

/** Holder and place of a ticket. */
function Whose({ ticket }: { ticket: Scanned }) {
  const { t } = useTranslation();
  return (
    <>
      {ticket.sandbox && (
        <span>
          <SandboxBadge /> {t('gate.sandbox')}
        </span>
      )}
      {ticket.holder && <b>{ticket.holder}</b>}
      <span>{placeName(ticket)}</span>
      <span className="small">{t('gate.codes', { ticket: ticket.code, booking: ticket.bookingCode })}</span>
    </>
  );
}

/** Name of an entrance in the language of this page. */
export function useGateName(): (gate: string) => string {
  const { t } = useTranslation();
  return (gate) => (gate === MAIN_GATE ? t('gate.main') : gate);
}
