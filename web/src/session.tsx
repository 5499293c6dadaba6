import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, startTransition, useContext, useEffect, useState } from 'react';
import { Navigate, useLocation } from 'react-router';
import { client, me, onOtherPage, type Schemas } from './api.js';

type Account = Schemas['Account'];

interface Who {
  /** Undefined: nobody, or not known yet. */
  readonly user: Account | undefined;
  readonly signedIn: boolean;
  readonly loading: boolean;
}

const Session = createContext<Who>({ user: undefined, signedIn: false, loading: false });

export const useSession = (): Who => useContext(Session);

/** Provides the session to everything inside. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [signedIn, setSignedIn] = useState(client.session.signedIn);
  const { data: user, isPending } = useQuery({
    queryKey: ['me'],
    queryFn: me,
    enabled: signedIn,
    staleTime: 60_000,
  });
  useEffect(() => {
    const look = () => {
      // Not before a change of the page that is under way: who leaves a page of one's own is not asked for the login.
      startTransition(() => setSignedIn(client.session.signedIn));
      // Nothing of the previous person may be shown.
      if (!client.session.signedIn) void queries.resetQueries();
    };
    const stops = [client.session.on('changed', look), onOtherPage(look)];
    return () => {
      for (const stop of stops) stop();
    };
  }, [queries]);
  return (
    <Session.Provider value={{ user: signedIn ? user : undefined, signedIn, loading: signedIn && isPending }}>
      {children}
    </Session.Provider>
  );
}

/**
 * Shows its content to those who are logged in and sends others to the login and back; `roles` narrows it: `others` is
 * for the rest.
 */
export function Private({
  roles,
  others,
  children,
}: {
  roles?: readonly Account['role'][];
  others?: ReactNode;
  children: ReactNode;
}) {
  const { signedIn, user } = useSession();
  const { pathname, search } = useLocation();
  if (!signedIn) return <Navigate to={`/login?next=${encodeURIComponent(pathname + search)}`} replace />;
  if (roles && user && !roles.includes(user.role)) return others;
  return roles && !user ? null : children;
}
