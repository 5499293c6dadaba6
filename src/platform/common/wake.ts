/** Signal from writers to a reader that waits: several rings before a wait count as one. */
export class Wake {
  private rung = false;
  private waiting: (() => void) | undefined;

  ring(): void {
    this.rung = true;
    this.waiting?.();
  }

  /** Waits until the bell rings or the time is over. @returns whether it rang */
  async wait(milliseconds: number): Promise<boolean> {
    if (!this.rung) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.waiting = resolve;
        timer = setTimeout(resolve, milliseconds);
      });
      clearTimeout(timer);
      this.waiting = undefined;
    }
    const rang = this.rung;
    this.rung = false;
    return rang;
  }
}
