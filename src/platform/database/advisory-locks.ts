/**
 * Numbers of all advisory locks, each for one purpose. Replicas of two releases that run side by side share them: a number
 * never changes its purpose, and one that is given up is not used again.
 */
export const LOCKS = {
  /** Migrating, one replica at a time. */
  migrations: 4_860_137,
  /** Lead of the delivery of facts to handlers. */
  handlersLead: 4_860_138,
  /** Lead of the delivery of facts to the broker. The release before loaded the demo under it, too, and waited for ever. */
  brokerLead: 4_860_139,
  /** A rebuild of rollups. */
  rebuild: 4_860_140,
  /** Loading the demo, one replica at a time. */
  demo: 4_860_141,
  /** Owner of an embedded server, in its database `postgres`. */
  embeddedOwner: 4_860_190,
} as const;

/** Seeds of locks whose number is the hash of a text: the same text means another lock for each purpose. */
export const LOCK_SEEDS = {
  idempotencyKey: 1,
  webhooksOfOrganizer: 2,
  identityProviders: 3,
} as const;
