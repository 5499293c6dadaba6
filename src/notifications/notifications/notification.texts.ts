import { formatInstant, formatMoney, type Locale } from '../../platform/common/locale.js';
import type { Kind, NotificationData } from './notification.kinds.js';
import { TEXTS_DE } from './texts.de.js';
import { TEXTS_EN } from './texts.en.js';

/** The data of a notification as people read it. */
export interface TextValues {
  readonly title: string;
  /** When the event begins, at its place. */
  readonly at: string;
  readonly code: string;
  /** Undefined when it is nothing. */
  readonly money: string | undefined;
  readonly until: string;
  readonly quantity: number;
  /** With a space before it; empty when none was given. */
  readonly reason: string;
  readonly partial: boolean;
  /** Empty unless it is the news. */
  readonly place: string;
  readonly unpaid: boolean;
  readonly why: NotificationData['why'];
}

export interface Text {
  readonly title: string;
  readonly text: string;
}

export type Texts = Record<Kind, (values: TextValues) => Text>;

const TEXTS: Record<Locale, Texts> = { en: TEXTS_EN, de: TEXTS_DE };

/** Text of a notification. */
export function textOf(kind: Kind, data: NotificationData, locale: Locale): Text {
  const at = (instant: string) => formatInstant(new Date(instant), data.timezone, locale);
  return TEXTS[locale][kind]({
    title: data.title,
    at: at(data.startsAt),
    code: data.code ?? '',
    money: data.amount && data.currency ? formatMoney(data.amount, data.currency, locale) : undefined,
    until: data.expiresAt ? at(data.expiresAt) : '',
    quantity: data.quantity ?? 1,
    reason: data.reason ? ` ${data.reason}` : '',
    partial: data.partial ?? false,
    place: data.place ?? '',
    unpaid: data.unpaid ?? false,
    why: data.why,
  });
}
