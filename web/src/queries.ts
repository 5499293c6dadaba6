import { QueryClient } from '@tanstack/react-query';
import { Problem } from './api.js';

const AGAIN_AFTER_MS = 5_000;

/** The client repeats what can be repeated itself; what did not reach the server is asked again until it does. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: false,
      refetchOnWindowFocus: true,
      refetchInterval: ({ state: { error } }) =>
        error && !(error instanceof Problem) ? AGAIN_AFTER_MS : false,
    },
  },
});
