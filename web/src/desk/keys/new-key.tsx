import { useState } from 'react';
import { api, ok } from '../../api.js';
import { useTranslation } from '../../i18n/index.js';
import { faultsOf } from '../../ui/errors.js';
import { Field } from '../../ui/field.js';
import { textOf } from '../../ui/form.js';
import { useForget } from '../../ui/use-forget.js';
import { useWork } from '../../ui/use-work.js';
import type { RightsInput } from '../members/queries.js';
import { RightsForm } from '../members/rights-form.js';
import type { MadeKey } from './queries.js';

const NO_RIGHTS: RightsInput = { permissions: [], events: null };

/** The day's last moment, where the reader is. */
const endOf = (day: string): string | null => (day ? new Date(`${day}T23:59:59`).toISOString() : null);

/** Form for a key, with what one may do oneself. */
export function NewKey({
  organisationId: id,
  show,
}: {
  organisationId: string;
  show: (made: MadeKey) => void;
}) {
  const { t } = useTranslation();
  const forget = useForget();
  const { busy, error, run } = useWork();
  const [made, setMade] = useState(0);
  const [test, setTest] = useState(false);
  const faults = faultsOf(error);
  const make = ({ permissions, events }: RightsInput, data: FormData) =>
    run(async () => {
      const body = {
        name: textOf(data, 'name'),
        permissions: permissions.filter((one) => one !== 'members'),
        events: events ?? null,
        expiresAt: endOf(textOf(data, 'until')),
        test,
      };
      show(await ok(api.POST('/api/v1/organisations/{id}/keys', { params: { path: { id } }, body })));
      forget('keys');
      setMade(made + 1);
    });
  return (
    <section className="card stack narrow" aria-labelledby="new-key">
      <h2 id="new-key">{t('keys.new')}</h2>
      <fieldset className="stack tight">
        <legend className="label">{t('keys.kind')}</legend>
        {[false, true].map((kind) => (
          <label key={String(kind)} className="check">
            <input type="radio" name="kind" checked={test === kind} onChange={() => setTest(kind)} />
            <span className="stack tight">
              <span>{t(kind ? 'keys.test' : 'keys.live')}</span>
              <span className="small soft">{t(kind ? 'keys.testText' : 'keys.liveText')}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {/* Empty again after each key; the events to choose from are those of its kind. */}
      <RightsForm
        key={`${made} ${test}`}
        before={NO_RIGHTS}
        machine={{ test }}
        action={t('keys.make')}
        busy={busy}
        error={error}
        submit={make}
      >
        <Field
          label={t('keys.name')}
          hint={t('keys.nameHint')}
          fault={faults.name}
          name="name"
          maxLength={100}
          autoComplete="off"
          required
        />
        <Field
          label={t('keys.until')}
          hint={t('keys.untilHint')}
          fault={faults.expiresAt}
          name="until"
          type="date"
        />
        {faults.permissions && <span className="fault">{t('keys.noPermission')}</span>}
      </RightsForm>
    </section>
  );
}
