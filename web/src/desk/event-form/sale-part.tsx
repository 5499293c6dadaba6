import { CURRENCIES } from '../../../../src/platform/common/currencies.js';
import { language, useTranslation } from '../../i18n/index.js';
import { Field, Select } from '../../ui/field.js';
import type { PartProps } from './event-form.js';
import { FORM_PARTS } from './parts.js';

interface Props extends PartProps {
  currency: string;
  setCurrency: (currency: string) => void;
}

/** When places are sold, and how many to whom. */
export function SalePart({ field, locked, currency, setCurrency }: Props) {
  const { t } = useTranslation();
  const names = new Intl.DisplayNames(language(), { type: 'currency' });
  const { defaultValue: _, ...named } = field('currency');
  return (
    <section className="card stack" id={FORM_PARTS.sale}>
      <h2>{t('desk.part.sale')}</h2>
      <div className="columns">
        <Field
          label={t('desk.saleStarts')}
          hint={t('desk.saleStartsHint')}
          {...field('saleStartsAt')}
          type="datetime-local"
        />
        <Field
          label={t('desk.saleEnds')}
          hint={t('desk.saleEndsHint')}
          {...field('saleEndsAt')}
          type="datetime-local"
        />
        <Select
          label={t('desk.currency')}
          {...named}
          value={currency}
          disabled={locked}
          onChange={({ target }) => setCurrency(target.value)}
        >
          {[...new Set([currency, ...CURRENCIES])].map((code) => (
            <option key={code} value={code}>
              {code} · {names.of(code)}
            </option>
          ))}
        </Select>
        <Field
          label={t('desk.holdMinutes')}
          {...field('holdMinutes')}
          type="number"
          min={0.5}
          max={120}
          step={0.5}
          required
        />
        <Field
          label={t('desk.perBooking')}
          {...field('maxSeatsPerBooking')}
          type="number"
          min={1}
          max={1000}
          required
        />
        <Field
          label={t('desk.perBuyer')}
          hint={t('desk.noLimit')}
          {...field('maxSeatsPerBuyer')}
          type="number"
          min={1}
          max={100_000}
        />
      </div>
    </section>
  );
}
