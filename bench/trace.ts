interface TraceEvent {
  readonly name: string;
  readonly ts: number;
}

/** Times between the frames that the browser has put on the screen, in milliseconds, from a trace of Chromium. */
export function framesOf(trace: Buffer): number[] {
  const { traceEvents } = JSON.parse(trace.toString('utf8')) as { traceEvents: TraceEvent[] };
  const drawn = traceEvents
    .filter(({ name }) => name === 'DrawFrame')
    .map(({ ts }) => ts / 1_000)
    .sort((a, b) => a - b);
  return drawn.slice(1).map((at, i) => at - drawn[i]!);
}
