interface Marks {
  /** Whether an earlier call with the same key had this answer. */
  readonly replayed?: boolean;
  /** Whether the work goes on after the answer. */
  readonly underWay?: boolean;
}

/** The answer of a use case to a call that may be a repetition, before HTTP knows of it. */
export class CallResult<T> {
  readonly replayed: boolean;
  readonly underWay: boolean;

  constructor(
    readonly body: T,
    { replayed = false, underWay = false }: Marks = {},
  ) {
    this.replayed = replayed;
    this.underWay = underWay;
  }

  asReplay(): CallResult<T> {
    return new CallResult(this.body, { ...this, replayed: true });
  }

  map<U>(change: (body: T) => U): CallResult<U> {
    return new CallResult(change(this.body), this);
  }
}
