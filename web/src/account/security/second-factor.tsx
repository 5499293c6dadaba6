import { useState } from 'react';
import { api, ok, type Schemas } from '../../api.js';
import { useTranslation } from '../../i18n/index.js';
import { Button } from '../../ui/button.js';
import { Sheet } from '../../ui/sheet.js';
import { Fault } from '../../ui/states.js';
import { useToast } from '../../ui/toasts.js';
import { useForget } from '../../ui/use-forget.js';
import { useWork } from '../../ui/use-work.js';
import { AppSetup } from './app-setup.js';
import { RecoveryCodes } from './recovery-codes.js';

type Open =
  | { readonly as: 'setup'; readonly secret: Schemas['SecondFactorSecret'] }
  | { readonly as: 'codes'; readonly codes: readonly string[] }
  | { readonly as: 'end' };

/** The authenticator app of the account: turned on and off, and codes on paper for its loss. */
export function SecondFactor({ standing }: { standing: Schemas['Security'] }) {
  const { t } = useTranslation();
  const forget = useForget();
  const { busy, error, run } = useWork();
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const begin = () =>
    run(async () => setOpen({ as: 'setup', secret: await ok(api.POST('/api/v1/auth/me/second-factor')) }));
  const renew = () =>
    run(async () => {
      const { recoveryCodes } = await ok(api.POST('/api/v1/auth/me/recovery-codes'));
      forget('security');
      setOpen({ as: 'codes', codes: recoveryCodes });
    });
  const left = standing.recoveryCodesLeft;
  return (
    <section className="card stack" aria-labelledby="second-factor">
      <div className="row spread">
        <h2 id="second-factor">{t('security.secondFactor')}</h2>
        <span className={standing.secondFactor ? 'badge good' : 'badge'}>
          {t(standing.secondFactor ? 'security.on' : 'security.off')}
        </span>
      </div>
      <p className="soft">{t('security.secondFactorText')}</p>
      {standing.secondFactor && (
        <p className={left < 3 ? 'notice warm' : undefined}>{t('security.codesLeft', { count: left })}</p>
      )}
      <Fault error={error} />
      <div className="row">
        {standing.secondFactor ? (
          <>
            <Button busy={busy} onClick={renew}>
              {t('security.renewCodes')}
            </Button>
            <Button look="danger" onClick={() => setOpen({ as: 'end' })}>
              {t('security.turnOff')}
            </Button>
          </>
        ) : (
          <Button look="main" busy={busy} onClick={begin}>
            {t('security.turnOn')}
          </Button>
        )}
      </div>
      {open?.as === 'setup' && (
        <AppSetup
          secret={open.secret}
          done={(codes) => {
            forget('security', 'sessions');
            setOpen({ as: 'codes', codes });
          }}
          close={close}
        />
      )}
      {open?.as === 'codes' && <RecoveryCodes codes={open.codes} close={close} />}
      {open?.as === 'end' && <End close={close} />}
    </section>
  );
}

function End({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const say = useToast();
  const forget = useForget();
  const { busy, error, run } = useWork();
  const end = () =>
    run(async () => {
      await ok(api.DELETE('/api/v1/auth/me/second-factor'));
      close();
      forget('security');
      say(t('security.turnedOff'));
    });
  return (
    <Sheet title={t('security.turnOff')} close={close}>
      <p>{t('security.turnOffText')}</p>
      <Fault error={error} />
      <div className="row">
        <Button look="danger" busy={busy} onClick={end}>
          {t('security.turnOff')}
        </Button>
        <Button onClick={close}>{t('app.cancel')}</Button>
      </div>
    </Sheet>
  );
}
