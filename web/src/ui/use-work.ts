import { useState } from 'react';

interface Work {
  readonly busy: boolean;
  readonly error: unknown;
  /** Does something and keeps what went wrong. @returns whether it worked */
  run(work: () => Promise<unknown>): Promise<boolean>;
}

/** Something that a button does. */
export function useWork(): Work {
  const [state, setState] = useState<{ busy: boolean; error: unknown }>({ busy: false, error: undefined });
  return {
    ...state,
    run: async (work) => {
      setState({ busy: true, error: undefined });
      try {
        await work();
        setState({ busy: false, error: undefined });
        return true;
      } catch (error) {
        setState({ busy: false, error });
        return false;
      }
    },
  };
}
