import { COUNTRIES } from '../../../../src/platform/common/countries.js';
import { isTimeZone, TIME_ZONES } from '../../../../src/platform/common/time-zones.js';
import type { Schemas } from '../../api.js';
import { language, useTranslation } from '../../i18n/index.js';
import { Button } from '../../ui/button.js';
import { faultsOf } from '../../ui/errors.js';
import { Field, Select, TextArea } from '../../ui/field.js';
import { Form, textOf } from '../../ui/form.js';
import { Fault } from '../../ui/states.js';

export function VenueForm({
  venue,
  busy,
  error,
  submit,
}: {
  venue?: Schemas['Venue'];
  busy: boolean;
  error: unknown;
  submit: (body: Schemas['NewVenue']) => unknown;
}) {
  const { t } = useTranslation();
  const faults = faultsOf(error);
  const names = new Intl.DisplayNames(language(), { type: 'region' });
  const codes = [...new Set([...COUNTRIES, ...(venue ? [venue.country] : [])])];
  const sorted = codes
    .map((code) => ({ code, name: names.of(code)! }))
    .sort((a, b) => a.name.localeCompare(b.name));
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zone = venue?.timezone ?? (isTimeZone(own) ? own : 'UTC');
  const send = (data: FormData) =>
    submit({
      name: textOf(data, 'name'),
      address: textOf(data, 'address'),
      city: textOf(data, 'city'),
      country: textOf(data, 'country'),
      timezone: textOf(data, 'timezone'),
      capacity: Number(data.get('capacity')),
      description: textOf(data, 'description') || null,
    });
  return (
    <Form submit={send} className="stack">
      <Field label={t('desk.name')} fault={faults.name} name="name" defaultValue={venue?.name} required />
      <div className="columns">
        <Field
          label={t('desk.address')}
          fault={faults.address}
          name="address"
          defaultValue={venue?.address}
          required
        />
        <Field label={t('browse.city')} fault={faults.city} name="city" defaultValue={venue?.city} required />
        <Select
          label={t('desk.country')}
          fault={faults.country}
          name="country"
          defaultValue={venue?.country ?? 'DE'}
        >
          {sorted.map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </Select>
        <Select label={t('desk.timezone')} fault={faults.timezone} name="timezone" defaultValue={zone}>
          {[...new Set([zone, ...TIME_ZONES])].map((zone) => (
            <option key={zone} value={zone}>
              {zone}
            </option>
          ))}
        </Select>
        <Field
          label={t('desk.capacity')}
          hint={t('desk.capacityHint')}
          fault={faults.capacity}
          name="capacity"
          type="number"
          min={1}
          max={1_000_000}
          defaultValue={venue?.capacity}
          required
        />
      </div>
      <TextArea
        label={t('desk.description')}
        fault={faults.description}
        name="description"
        rows={3}
        defaultValue={venue?.description ?? ''}
      />
      <Fault error={error} />
      <div>
        <Button look="main" type="submit" busy={busy}>
          {t('app.save')}
        </Button>
      </div>
    </Form>
  );
}
