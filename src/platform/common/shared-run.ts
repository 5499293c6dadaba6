/** Run shared by all concurrent callers; it begins after the last of them has called. */
export class SharedRun<T> {
  private current: Promise<T> | undefined;
  private next: Promise<T> | undefined;

  constructor(private readonly run: () => Promise<T>) {}

  get running(): boolean {
    return this.current !== undefined;
  }

  join(): Promise<T> {
    if (!this.current) return this.start();
    const start = () => this.start();
    this.next ??= this.current.then(start, start);
    return this.next;
  }

  private start(): Promise<T> {
    this.next = undefined;
    const current = this.run().finally(() => {
      if (this.current === current) this.current = undefined;
    });
    this.current = current;
    return current;
  }
}
