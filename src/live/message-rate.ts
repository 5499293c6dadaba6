const BURST = 40;
const PER_SECOND = 10;

/** A bucket of messages that fills again with time. */
export class MessageRate {
  private left = BURST;
  private at = performance.now();

  /** Whether one more message may come now. */
  take(): boolean {
    const now = performance.now();
    this.left = Math.min(BURST, this.left + ((now - this.at) / 1_000) * PER_SECOND);
    this.at = now;
    if (this.left < 1) return false;
    this.left--;
    return true;
  }
}
