import { QueryClient } from '@tanstack/react-query';

/** The client repeats what can be repeated itself. */
export const queries = new QueryClient({
  defaultOptions: { queries: { staleTime: 5_000, retry: false, refetchOnWindowFocus: true } },
});
