import type { Schemas } from '../api.js';
import { longDate } from '../format.js';
import type { TFunction } from '../i18n/index.js';

type Event = Pick<
  Schemas['Event'],
  | 'status'
  | 'endsAt'
  | 'saleStartsAt'
  | 'saleEndsAt'
  | 'salePausedAt'
  | 'salePauseReason'
  | 'timezone'
  | 'cancellationReason'
>;

interface Sale {
  /** There is nothing to see of the seats. */
  readonly closed: boolean;
  /** Places can be held now. */
  readonly open: boolean;
  readonly text?: string;
  /** It begins then. */
  readonly from?: string;
}

/** Tells whether an event is on sale now, with the text for when it is not. */
export function saleOf(event: Event, t: TFunction, now = Date.now()): Sale {
  const { status, endsAt, saleStartsAt, saleEndsAt, timezone, cancellationReason } = event;
  const { salePausedAt, salePauseReason } = event;
  const over = (at: string | null) => at !== null && Date.parse(at) <= now;
  if (status === 'cancelled')
    return {
      closed: true,
      open: false,
      text: cancellationReason
        ? t('event.cancelledReason', { reason: cancellationReason })
        : t('event.cancelled'),
    };
  if (status === 'draft') return { closed: true, open: false, text: t('event.draft') };
  if (status === 'completed' || over(endsAt)) return { closed: true, open: false, text: t('event.over') };
  if (salePausedAt && !over(saleEndsAt))
    return {
      closed: false,
      open: false,
      text: salePauseReason ? t('event.pausedReason', { reason: salePauseReason }) : t('event.paused'),
    };
  if (saleStartsAt && !over(saleStartsAt))
    return {
      closed: false,
      open: false,
      text: t('event.saleFrom', { date: longDate(saleStartsAt, timezone) }),
      from: saleStartsAt,
    };
  if (over(saleEndsAt)) return { closed: false, open: false, text: t('event.saleOver') };
  return { closed: false, open: true };
}
