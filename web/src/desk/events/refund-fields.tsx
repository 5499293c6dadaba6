import { smallestStep } from '../../../../src/platform/common/currencies.js';
import { useTranslation } from '../../i18n/index.js';
import { Check, Field } from '../../ui/field.js';
import type { Values } from './event-values.js';

/** Fields of the refund policy. */
export function RefundFields({
  values,
  faults,
  currency,
}: {
  values: Values;
  faults: Record<string, string>;
  currency: string;
}) {
  const { t } = useTranslation();
  const field = (name: string) => ({
    name,
    defaultValue: values[name],
    fault: faults[`refundPolicy.${name}`],
    type: 'number',
    min: 0,
  });
  return (
    <section className="stack">
      <h2>{t('event.returns')}</h2>
      <div className="columns">
        <Field label={t('desk.fullUntil')} hint={t('desk.never')} {...field('fullUntilHours')} />
        <Field label={t('desk.partUntil')} hint={t('desk.never')} {...field('partialUntilHours')} />
        <Field label={t('desk.partPercent')} {...field('partialPercent')} max={100} />
        <Field
          label={t('desk.fee', { currency })}
          hint={t('desk.feeHint')}
          {...field('feePerTicket')}
          step={smallestStep(currency)}
        />
      </div>
      <Check label={t('desk.refundFees')} name="refundFees" defaultChecked={values.refundFees === 'on'} />
    </section>
  );
}
