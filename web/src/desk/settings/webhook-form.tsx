import { useState } from 'react';
import { api, ok } from '../../api.js';
import { useTranslation } from '../../i18n/index.js';
import { Button } from '../../ui/button.js';
import { faultsOf } from '../../ui/errors.js';
import { Check, Field } from '../../ui/field.js';
import { Form, textOf } from '../../ui/form.js';
import { Fault } from '../../ui/states.js';
import { useForget } from '../../ui/use-forget.js';
import { useWork } from '../../ui/use-work.js';

/** Families of facts that a webhook may be told. */
const FAMILIES = ['booking', 'payment', 'refund', 'ticket', 'waitlist', 'event', 'seats'] as const;

/** Form for a new webhook; its secret is shown once. */
export function WebhookForm() {
  const { t } = useTranslation();
  const forget = useForget();
  const { busy, error, run } = useWork();
  const [secret, setSecret] = useState<string>();
  const faults = faultsOf(error);
  const create = (data: FormData) =>
    run(async () => {
      const facts = data.getAll('facts').map((family) => `${String(family)}.*`);
      const description = textOf(data, 'description');
      const made = await ok(
        api.POST('/api/v1/webhooks', {
          body: { url: textOf(data, 'url'), facts, ...(description && { description }) },
        }),
      );
      setSecret(made.secret);
      forget('webhooks');
    });
  return (
    <section className="card stack" aria-labelledby="new-webhook">
      <h2 id="new-webhook">{t('hooks.new')}</h2>
      {secret && (
        <div className="notice good wrap" role="status">
          <strong>{t('hooks.secret')}</strong>
          <code>{secret}</code>
        </div>
      )}
      <Form submit={create} className="stack">
        <Field label={t('hooks.url')} fault={faults.url} name="url" type="url" required />
        <Field label={t('hooks.description')} fault={faults.description} name="description" maxLength={200} />
        <fieldset className="stack tight">
          <legend className="label">{t('hooks.facts')}</legend>
          {FAMILIES.map((family) => (
            <Check
              key={family}
              label={t(`hooks.families.${family}`)}
              name="facts"
              value={family}
              defaultChecked={family === 'booking'}
            />
          ))}
          {faults.facts && <span className="fault">{faults.facts}</span>}
        </fieldset>
        <Fault error={error} />
        <div>
          <Button look="main" type="submit" busy={busy}>
            {t('hooks.create')}
          </Button>
        </div>
      </Form>
    </section>
  );
}
