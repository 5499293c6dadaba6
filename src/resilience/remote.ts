import {
  BrokenCircuitError,
  CircuitState,
  CountBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleAll,
  retry,
  TaskCancelledError,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel';

export interface RemoteOptions {
  /** Milliseconds that one call may take, its repetitions included. */
  readonly timeoutMs: number;
  /** Milliseconds an open breaker waits before it lets one call try. */
  readonly coolDownMs: number;
}

export type RemoteOutcome = 'answered' | 'failed' | 'timed_out' | 'not_asked';

/** What a remote tells about itself, for metrics and logs. */
export interface RemoteObserver {
  called(call: string, outcome: RemoteOutcome, seconds: number): void;
  repeated(): void;
  changed(open: boolean): void;
}

// Half of the last 20 calls, and at least 10 of them: a provider that fails one call in three still serves buyers, and
// one lonely failure in a quiet night proves nothing.
const BREAKER = { threshold: 0.5, size: 20, minimumNumberOfCalls: 10 };
const REPEATS = { maxAttempts: 2, backoff: new ExponentialBackoff({ initialDelay: 50, maxDelay: 1_000 }) };

/**
 * Another system behind a breaker, a time limit and repetition. What is called must bear being called again. It throws only
 * when there was no answer: a refusal is an answer. A call that ran out of time is not repeated, since it may have taken
 * effect; whoever made it asks what became of it first.
 */
export class Remote {
  private readonly breaker;
  private readonly policy;
  private openedAt = 0;

  constructor(
    private readonly options: RemoteOptions,
    private readonly observer: RemoteObserver,
  ) {
    this.breaker = circuitBreaker(handleAll, {
      breaker: new CountBreaker(BREAKER),
      halfOpenAfter: options.coolDownMs,
    });
    this.breaker.onBreak(() => {
      this.openedAt = Date.now();
      observer.changed(true);
    });
    this.breaker.onReset(() => observer.changed(false));
    const repeats = retry(handleAll, REPEATS);
    repeats.onRetry(() => observer.repeated());
    const limit = timeout(options.timeoutMs, TimeoutStrategy.Aggressive);
    // The breaker stands outside of the repetitions and counts what the caller sees: not a failure that was mended. It has
    // limits on both sides: a call that ran out of time is a failure, and behind a first try of a half-open breaker one waits.
    this.policy = wrap(limit, this.breaker, limit, repeats);
  }

  /** Seconds until a call makes sense again; 0 when it does now. */
  get retryAfter(): number {
    if (this.breaker.state !== CircuitState.Open) return 0;
    return Math.max(0, this.openedAt + this.options.coolDownMs - Date.now()) / 1000;
  }

  /** The answer, or throws when there was none. `signal` ends an attempt whose time is over. */
  async call<T>(name: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const begin = performance.now();
    let outcome: RemoteOutcome = 'failed';
    try {
      const answer = await this.policy.execute(({ signal }) => work(signal));
      outcome = 'answered';
      return answer;
    } catch (error) {
      if (error instanceof TaskCancelledError) outcome = 'timed_out';
      if (error instanceof BrokenCircuitError) outcome = 'not_asked';
      throw error;
    } finally {
      this.observer.called(name, outcome, (performance.now() - begin) / 1000);
    }
  }
}
