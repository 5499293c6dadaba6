import { useQueryClient } from '@tanstack/react-query';

/** Forgets what was read about these, because it has changed. */
export function useForget() {
  const queries = useQueryClient();
  return (...keys: string[]) => {
    for (const key of keys) void queries.invalidateQueries({ queryKey: [key] });
  };
}
