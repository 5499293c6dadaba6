import type { Schemas } from '../api.js';
import { useTranslation } from '../i18n/index.js';

/** Refund policy in a sentence or two. */
export function RefundPolicy({ policy }: { policy: Schemas['Event']['refundPolicy'] }) {
  const { t } = useTranslation();
  const { fullUntilHours, partialUntilHours, partialPercent } = policy;
  const full =
    fullUntilHours !== null &&
    (fullUntilHours === 0 ? t('event.refundStart') : t('event.refundFull', { hours: fullUntilHours }));
  const part =
    partialUntilHours !== null &&
    t('event.refundPart', { percent: partialPercent, hours: partialUntilHours });
  return <p className="soft">{[full, part].filter(Boolean).join(' ') || t('event.refundNever')}</p>;
}
