import { encodeQR } from 'qr';
import { api, client, ok, type Schemas } from '../../api.js';
import { useTranslation } from '../../i18n/index.js';
import { Button } from '../../ui/button.js';
import { Form, textOf } from '../../ui/form.js';
import { Sheet } from '../../ui/sheet.js';
import { Fault } from '../../ui/states.js';
import { useWork } from '../../ui/use-work.js';
import { CodeField } from '../code-field.js';

/** Shows the secret to an authenticator app, and asks for its first code. */
export function AppSetup({
  secret: { secret, uri },
  done,
  close,
}: {
  secret: Schemas['SecondFactorSecret'];
  done: (recoveryCodes: readonly string[]) => void;
  close: () => void;
}) {
  const { t } = useTranslation();
  const { busy, error, run } = useWork();
  const submit = (data: FormData) =>
    run(async () => {
      const body = { code: textOf(data, 'code') };
      const { recoveryCodes, ...proof } = await ok(api.PUT('/api/v1/auth/me/second-factor', { body }));
      client.session.prove(proof);
      done(recoveryCodes);
    });
  return (
    <Sheet title={t('security.setup')} close={close}>
      <p>{t('security.scan')}</p>
      <div className="qr-large small">
        <img
          src={`data:image/svg+xml,${encodeURIComponent(encodeQR(uri, 'svg', { border: 2 }))}`}
          alt={t('security.qr')}
        />
      </div>
      <p>
        {t('security.type')} <code className="secret">{secret.replace(/.{4}(?=.)/g, '$& ')}</code>
      </p>
      <Form submit={submit} className="stack">
        <CodeField label={t('security.firstCode')} />
        <Fault error={error} />
        <div className="row">
          <Button type="submit" look="main" busy={busy}>
            {t('security.turnOn')}
          </Button>
          <Button onClick={close}>{t('app.cancel')}</Button>
        </div>
      </Form>
    </Sheet>
  );
}
