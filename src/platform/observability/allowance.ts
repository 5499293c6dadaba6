/** Allowance of a fixed number a second. */
export class Allowance {
  private second = 0;
  private left = 0;

  constructor(private readonly perSecond: number) {}

  take(now = Date.now()): boolean {
    const second = Math.floor(now / 1_000);
    if (this.second !== second) {
      this.second = second;
      this.left = this.perSecond;
    }
    return this.left-- > 0;
  }
}
