import { SpanKind } from '@opentelemetry/api';
import {
  BrokenCircuitError,
  CircuitState,
  circuitBreaker,
  ExponentialBackoff,
  handleAll,
  retry,
  SamplingBreaker,
  TaskCancelledError,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel';
import { traced } from '../observability/tracing.js';

export interface RemoteOptions {
  /** Milliseconds that one call may take, its repetitions included. */
  readonly timeoutMs: number;
  /** Milliseconds an open breaker waits before it lets one call try. */
  readonly coolDownMs: number;
}

export type RemoteOutcome = 'answered' | 'failed' | 'timed_out' | 'not_asked';

/** Observer that a remote reports to, for metrics and logs. */
export interface RemoteObserver {
  called(call: string, outcome: RemoteOutcome, seconds: number): void;
  repeated(): void;
  changed(open: boolean): void;
}

// Half of the calls of 30 s, and at least 9: a provider that fails one call in three still serves buyers, and one
// lonely failure in a quiet night proves nothing. Not the last 20 calls: of a rush of 200 calls the 20 that time out
// end last, together, and would open a breaker that has seen 180 answers.
const BREAKER = { threshold: 0.5, duration: 30_000, minimumRps: 0.3 };
const REPEATS = { maxAttempts: 2, backoff: new ExponentialBackoff({ initialDelay: 50, maxDelay: 1_000 }) };

/**
 * Another system behind a breaker, a time limit and repetition. Calls must be safe to repeat. A call throws only when
 * there was no answer: a refusal is an answer. A call that timed out is not repeated, since it may have taken effect;
 * the caller first asks what became of it.
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
      breaker: new SamplingBreaker(BREAKER),
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
    // The breaker stands outside of the repetitions and counts what the caller sees: not a failure that was mended. It
    // has limits on both sides: a call that ran out of time is a failure, and behind a first try of a half-open breaker
    // one waits.
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
      // A signal of its own: cockatiel's default is one for all calls, and Node warns of its many listeners.
      const answer = await traced(`call ${name}`, { kind: SpanKind.CLIENT }, () =>
        this.policy.execute(({ signal }) => work(signal), new AbortController().signal),
      );
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
