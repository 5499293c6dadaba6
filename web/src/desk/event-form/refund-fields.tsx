import { smallestStep } from '../../../../src/platform/common/currencies.js';
import { useTranslation } from '../../i18n/index.js';
import { Check, Field } from '../../ui/field.js';
import type { PartProps } from './event-form.js';
import { FORM_PARTS } from './parts.js';

/** Fields of the refund policy. */
export function RefundFields({ field, currency }: PartProps & { currency: string }) {
  const { t } = useTranslation();
  const amount = (name: string) => ({ ...field(name), type: 'number', min: 0 });
  return (
    <section className="card stack" id={FORM_PARTS.returns}>
      <h2>{t('event.returns')}</h2>
      <div className="columns">
        <Field label={t('desk.fullUntil')} hint={t('desk.never')} {...amount('fullUntilHours')} />
        <Field label={t('desk.partUntil')} hint={t('desk.never')} {...amount('partialUntilHours')} />
        <Field label={t('desk.partPercent')} {...amount('partialPercent')} max={100} />
        <Field
          label={t('desk.fee', { currency })}
          hint={t('desk.feeHint')}
          {...amount('feePerTicket')}
          step={smallestStep(currency)}
        />
      </div>
      <Check
        label={t('desk.refundFees')}
        name="refundFees"
        defaultChecked={field('refundFees').defaultValue === 'on'}
      />
    </section>
  );
}
