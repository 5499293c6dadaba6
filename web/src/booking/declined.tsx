import { useQuery } from '@tanstack/react-query';
import type { en } from '../i18n/en.js';
import { hasText, useTranslation } from '../i18n/index.js';
import { paymentsQuery } from './queries.js';

const TRIES = 3;

type Known = keyof typeof en.checkout.reasons;

/** Why a payment failed, and how often it can be tried again. */
export function Declined({ bookingId, reason }: { bookingId: string; reason: string | undefined }) {
  const { t } = useTranslation();
  const { data } = useQuery(paymentsQuery(bookingId));
  const failed = data?.data.filter(({ status }) => FAILED.has(status));
  const why = reason ?? failed?.[0]?.failure ?? 'other';
  const left = Math.max(0, TRIES - (failed?.length ?? 1));
  return (
    <div className="notice danger" role="alert">
      <strong>{t('checkout.declined')}</strong>
      <span>{t(`checkout.reasons.${isKnown(why) ? why : 'other'}`)}</span>
      {data && (
        <span>
          {left > 0
            ? `${t('checkout.declinedText')} ${t('checkout.triesLeft', { count: left })}`
            : t('checkout.noTries')}
        </span>
      )}
    </div>
  );
}

const FAILED = new Set<string>(['declined', 'voiding', 'voided']);
const isKnown = (why: string): why is Known => hasText(`checkout.reasons.${why}`);
