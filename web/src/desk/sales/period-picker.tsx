import { useTranslation } from '../../i18n/index.js';
import { Field } from '../../ui/field.js';
import { lastDays, type Period, SPANS } from './period.js';

export function PeriodPicker({
  zone,
  period,
  change,
}: {
  zone: string;
  period: Period;
  change: (period: Period) => void;
}) {
  const { t } = useTranslation();
  return (
    <div className="row end wrap">
      <fieldset className="chips">
        <legend className="spoken">{t('sales.period')}</legend>
        {SPANS.map((days) => {
          const span = lastDays(zone, days);
          return (
            <button
              key={days}
              type="button"
              className="chip"
              aria-pressed={span.from === period.from && span.to === period.to}
              onClick={() => change(span)}
            >
              {days === 1 ? t('sales.today') : t('sales.days', { count: days })}
            </button>
          );
        })}
      </fieldset>
      <Field
        label={t('sales.from')}
        type="date"
        value={period.from}
        max={period.to}
        onChange={({ target }) => target.value && change({ ...period, from: target.value })}
      />
      <Field
        label={t('sales.to')}
        type="date"
        value={period.to}
        min={period.from}
        onChange={({ target }) => target.value && change({ ...period, to: target.value })}
      />
    </div>
  );
}
