import type { MigrationInterface } from 'typeorm';

/**
 * A sale that begins at another time, is called off or over is told of in the feed of the seats. The trigger that does it
 * reads columns of a later migration, which puts it in place: with it here, edits by replicas that run meanwhile would fail.
 */
export class SaleInFeed1700000030100 implements MigrationInterface {
  readonly name = 'SaleInFeed1700000030100';

  async up(): Promise<void> {}

  async down(): Promise<void> {}
}
