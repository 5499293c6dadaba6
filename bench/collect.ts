import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Ends all garbage of this process, so that what is resident is what lives. */
export function collect(): void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  // What has a finalizer goes in the second.
  gc();
  gc();
}
