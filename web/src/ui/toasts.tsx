import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from 'react';
import { useClearPlace } from './clear-place.js';

interface Toast {
  readonly id: number;
  readonly content: ReactNode;
}

const SHOWN = 7_000;
const Say = createContext<(content: ReactNode, ms?: number) => void>(() => {});

/** Says something that needs no answer, for some seconds; screen readers hear it. */
export const useToast = () => useContext(Say);

export function Toasts({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const last = useRef(0);
  const box = useRef<HTMLDivElement>(null);
  useClearPlace(box, toasts);
  const say = useCallback((content: ReactNode, ms = SHOWN) => {
    const id = ++last.current;
    setToasts((now) => [...now.slice(-2), { id, content }]);
    setTimeout(() => setToasts((now) => now.filter((toast) => toast.id !== id)), ms);
  }, []);
  const list = useMemo(
    () =>
      toasts.map(({ id, content }) => (
        <div key={id} className="toast">
          {content}
        </div>
      )),
    [toasts],
  );
  return (
    <Say.Provider value={say}>
      {children}
      <div className="toasts" role="status" aria-live="polite" ref={box}>
        {list}
      </div>
    </Say.Provider>
  );
}
