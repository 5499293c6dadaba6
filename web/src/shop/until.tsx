import { useEffect, useState } from 'react';
import { useTranslation } from '../i18n/index.js';

const DAY = 86_400_000;

/** Time until an instant: in days, and second by second on the last day. */
export function Until({ at }: { at: string }) {
  const { t } = useTranslation();
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const left = Math.max(0, Date.parse(at) - now);
  if (left >= DAY) return <strong>{t('event.inDays', { count: Math.floor(left / DAY) })}</strong>;
  const seconds = Math.ceil(left / 1_000);
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return (
    <strong className="numbers" role="timer">
      {parts.map((part) => String(part).padStart(2, '0')).join(':')}
    </strong>
  );
}
