import type { RefundPolicy } from '../../events/refund-policy.schemas.js';
import { formatInstant, type Locale } from '../../platform/common/locale.js';

interface Sold {
  readonly startsAt: Date;
  readonly timezone: string;
  readonly refundPolicy: RefundPolicy;
}

interface Words {
  readonly full: (until: string) => string;
  readonly part: (percent: number, until: string) => string;
  readonly never: string;
}

const WORDS: Record<Locale, Words> = {
  en: {
    full: (until) => `The whole price until ${until}.`,
    part: (percent, until) => `${percent} % of it until ${until}.`,
    never: 'Tickets of this event cannot be given back.',
  },
  de: {
    full: (until) => `Zum vollen Preis bis ${until}.`,
    part: (percent, until) => `Zu ${percent} % bis ${until}.`,
    never: 'Karten dieser Veranstaltung können nicht zurückgegeben werden.',
  },
};

const HOUR_MS = 3_600_000;

/** Share of the price that comes back, and until when by the clock of the place; it holds as long as the event is not moved. */
export function giveBackText({ startsAt, timezone, refundPolicy }: Sold, locale: Locale): string {
  const { fullUntilHours: full, partialUntilHours: part, partialPercent } = refundPolicy;
  const words = WORDS[locale];
  const until = (hours: number) =>
    formatInstant(new Date(startsAt.getTime() - hours * HOUR_MS), timezone, locale);
  const said = [
    ...(full === null ? [] : [words.full(until(full))]),
    ...(part === null || partialPercent === 0 ? [] : [words.part(partialPercent, until(part))]),
  ];
  return said.join(' ') || words.never;
}
