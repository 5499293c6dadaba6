import { useEffect, useState } from 'react';

/** Longest time a browser's timer takes. */
const LONGEST = 2 ** 31 - 1;

/** Shows anew what depends on the time when one of these instants is there. */
export function useMoments(...instants: (string | null)[]): void {
  const [now, setNow] = useState(Date.now());
  const next = Math.min(...instants.map((at) => (at ? Date.parse(at) : 0)).filter((at) => at > now));
  useEffect(() => {
    if (!Number.isFinite(next)) return;
    const timer = setTimeout(() => setNow(Date.now()), Math.min(LONGEST, next - Date.now() + 50));
    return () => clearTimeout(timer);
  }, [next]);
}
