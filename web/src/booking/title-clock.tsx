import { useEffect } from 'react';
import { setTitleClock } from '../ui/title.js';
import { clockOf, SOON } from './countdown.js';
import { useHeld } from './held.js';

const EVERY_MS = 500;

/** Time that is left to pay, in the title: while another tab is looked at, and in the last minute. */
export function TitleClock() {
  const [first] = useHeld();
  const until = first?.expiresAt;
  useEffect(() => {
    if (!until) return;
    const tick = () => {
      const left = Date.parse(until) - Date.now();
      setTitleClock(left > 0 && (document.hidden || left < SOON) ? clockOf(left) : '');
    };
    tick();
    const timer = setInterval(tick, EVERY_MS);
    document.addEventListener('visibilitychange', tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', tick);
      setTitleClock('');
    };
  }, [until]);
  return null;
}
