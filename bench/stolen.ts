import { readFileSync } from 'node:fs';

interface Ticks {
  readonly all: number;
  readonly stolen: number;
}

/** Ticks of all processors since the machine began; undefined where there is no /proc. */
function ticks(): Ticks | undefined {
  try {
    const [line] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
    // user nice system idle iowait irq softirq steal: proc_stat(5).
    const kinds = line!.split(/\s+/).slice(1, 9).map(Number);
    return { all: kinds.reduce((sum, count) => sum + count, 0), stolen: kinds[7]! };
  } catch {
    return undefined;
  }
}

/** Begins to watch; the answer tells what share of the processors a hypervisor gave to others since: stalls, which a p99 shows. */
export function watchStolen(): () => number | undefined {
  const before = ticks();
  return () => {
    const now = ticks();
    return before && now && (now.stolen - before.stolen) / Math.max(1, now.all - before.all);
  };
}
