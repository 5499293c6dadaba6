/** Several who scrape, and the metrics of one reading, share it for so long. */
const FRESH_MS = 2_000;
/** The other metrics matter most when the database does not answer. */
const PATIENCE_MS = 1_000;

/** A reading that takes time: one at a time, shared, and nobody waits long for it. */
export class Reading<T> {
  private last: { readonly at: number; readonly value: T } | undefined;
  private under: Promise<T | undefined> | undefined;

  constructor(
    private readonly read: () => Promise<T>,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** Undefined when it failed, or takes longer than a second. */
  async take(): Promise<T | undefined> {
    if (this.last && Date.now() - this.last.at < FRESH_MS) return this.last.value;
    this.under ??= this.begin();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => {
        this.failed(new Error(`No answer within ${PATIENCE_MS} ms`));
        resolve(undefined);
      }, PATIENCE_MS);
    });
    return Promise.race([this.under, late]).finally(() => clearTimeout(timer));
  }

  private async begin(): Promise<T | undefined> {
    // Whoever asks next in this turn finds it under way.
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
