import { useEffect, useEffectEvent, useState } from 'react';
import { useTranslation } from '../i18n/index.js';
import { ClockIcon } from '../ui/icons.js';

/** Milliseconds that count as the last ones. */
export const SOON = 60_000;

/** `8:12`. */
export const clockOf = (left: number): string =>
  `${Math.floor(left / 60_000)}:${String(Math.floor((left % 60_000) / 1_000)).padStart(2, '0')}`;

/** The time that is left, second by second; said aloud once a minute. */
export function Countdown({
  until,
  over,
  bare = false,
}: {
  until: string;
  over?: () => void;
  /** The text beside it says already for what. */
  bare?: boolean;
}) {
  const { t } = useTranslation();
  const end = Date.parse(until);
  const [now, setNow] = useState(Date.now());
  const left = Math.max(0, end - now);
  const ended = useEffectEvent(() => over?.());
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now());
      if (Date.now() < end) return;
      clearInterval(timer);
      ended();
    }, 500);
    return () => clearInterval(timer);
  }, [end]);
  const minutes = Math.floor(left / 60_000);
  const seconds = Math.floor((left % 60_000) / 1_000);
  return (
    <span className={left < SOON ? 'countdown soon' : 'countdown'}>
      <ClockIcon />
      {!bare && <span>{t('hold.left')}</span>}
      <strong className="numbers" aria-hidden="true">
        {clockOf(left)}
      </strong>
      <span className="spoken" role="timer">
        {t('hold.leftSpoken', { minutes, seconds })}
      </span>
      <span className="spoken" aria-live="polite">
        {left > 0 && left < SOON ? t('hold.soon') : ''}
      </span>
    </span>
  );
}
