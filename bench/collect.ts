import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Ends all garbage of this process, so that what is resident is what lives. */
export function collect(): void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  // Objects with a finalizer are freed by the second collection.
  gc();
  gc();
}
