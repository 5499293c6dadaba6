interface Test {
  readonly path: string;
  readonly context: { readonly hasteFS: { getSize(path: string): number | null } };
}

/** Files that take more than a minute, by their time in a whole run on two cores. */
const LONGEST = [
  'faults/platform/start',
  'faults/inventory/faults',
  'database/cli/commands',
  'faults/platform/backup',
  'faults/operations/drills',
  'database/analytics/analytics-histories',
  'web/screens',
  'faults/platform/damaged-cluster',
  'faults/operations/rolling-restart',
  'faults/operations/replicas',
  'journeys/orders/event-cancellation',
  'journeys/tickets/tickets',
  'database/waitlist/waitlist-model',
  'journeys/payments/payments',
  'web/desk-screens',
  'journeys/operations/guide',
  'web/account',
  'journeys/operations/client',
  'faults/inventory/seat-fence',
  'journeys/auth/access',
].reverse();

/** Long files begin first, also on a machine that has not run them yet; the others by size, as Jest itself does it then. */
export default class LongestFirst {
  sort<T extends Test>(tests: readonly T[]): T[] {
    const rank = ({ path }: T) => LONGEST.findIndex((name) => path.endsWith(`/test/${name}.test.ts`));
    const size = ({ path, context }: T) => context.hasteFS.getSize(path) ?? 0;
    return tests.toSorted((a, b) => rank(b) - rank(a) || size(b) - size(a));
  }

  allFailedTests<T>(tests: T[]): T[] {
    return tests;
  }

  cacheResults(): void {}
}
