// A change becomes visible when its transaction commits, later than its time says.
const OVERLAP_SECONDS = 60;

/** Follows rows that carry the time of their last change: what is known in memory, kept up by reading what is new. */
export class RecentChanges {
  private readAt = 0;

  /** @param read reads and remembers the rows that changed within so many seconds */
  constructor(private readonly read: (seconds: number) => Promise<void>) {}

  /** With everything that there is; what changes meanwhile is read by the next `follow`. */
  async begin(readAll: () => Promise<void>): Promise<void> {
    const startedAt = Date.now();
    await readAll();
    this.readAt = startedAt;
  }

  /** Each time from a while before the last one on; a look that fails is made up for by the next. */
  async follow(): Promise<void> {
    const startedAt = Date.now();
    await this.read(OVERLAP_SECONDS + (startedAt - this.readAt) / 1000);
    this.readAt = startedAt;
  }
}
