/** Milliseconds for which several scrapers, and the metrics of one reading, share it. */
const CACHE_MS = 2_000;
/** Milliseconds to wait for a reading: the other metrics matter most when the database does not answer. */
const TIMEOUT_MS = 1_000;

/** A reading that takes time: one at a time, shared, and nobody waits long for it. */
export class SharedRead<T> {
  private last: { readonly at: number; readonly value: T } | undefined;
  private under: Promise<T | undefined> | undefined;

  constructor(
    private readonly read: () => Promise<T>,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** Undefined when it failed, or takes longer than a second. */
  async take(): Promise<T | undefined> {
    if (this.last && Date.now() - this.last.at < CACHE_MS) return this.last.value;
    this.under ??= this.begin();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => {
        this.failed(new Error(`No answer within ${TIMEOUT_MS} ms`));
        resolve(undefined);
      }, TIMEOUT_MS);
    });
    return Promise.race([this.under, late]).finally(() => clearTimeout(timer));
  }

  private async begin(): Promise<T | undefined> {
    // The next caller in this turn finds the reading under way.
    await Promise.resolve();
    try {
      const value = await this.read();
      this.last = { at: Date.now(), value };
      return value;
    } catch (error) {
      this.failed(error);
      return undefined;
    } finally {
      this.under = undefined;
    }
  }
}
