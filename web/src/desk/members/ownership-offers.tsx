import { api, ok } from '../../api.js';
import { moment } from '../../format.js';
import { useTranslation } from '../../i18n/index.js';
import { Button } from '../../ui/button.js';
import { Fault } from '../../ui/states.js';
import { useToast } from '../../ui/toasts.js';
import { useForget } from '../../ui/use-forget.js';
import { useWork } from '../../ui/use-work.js';
import type { Organisation } from '../acting.js';

/** Ownership that is offered to the person at the desk. */
export function OwnershipOffers({ own }: { own: readonly Organisation[] }) {
  const offered = own.filter(({ ownershipOfferedUntil: until }) => until && Date.parse(until) > Date.now());
  return offered.map((organisation) => <Offer key={organisation.id} organisation={organisation} />);
}

function Offer({ organisation: { id, name, ownershipOfferedUntil } }: { organisation: Organisation }) {
  const { t } = useTranslation();
  const forget = useForget();
  const say = useToast();
  const { busy, error, run } = useWork();
  const accept = () =>
    run(async () => {
      await ok(api.POST('/api/v1/organisations/{id}/ownership/accept', { params: { path: { id } } }));
      forget('organisations', 'members');
      say(t('members.ownerNow', { organisation: name }));
    });
  return (
    <section className="page offer" aria-label={t('members.offerTitle')}>
      <div className="notice warm">
        <strong>{t('members.offerTitle')}</strong>
        <span>{t('members.offerText', { organisation: name, date: moment(ownershipOfferedUntil!) })}</span>
        <Fault error={error} />
        <div>
          <Button look="main" busy={busy} onClick={accept}>
            {t('members.becomeOwner')}
          </Button>
        </div>
      </div>
    </section>
  );
}
