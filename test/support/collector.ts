import type { Json } from './client.js';
import { Endpoint } from './endpoint.js';

export interface SeenSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes: Record<string, Json>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
}

/** An OTLP/HTTP receiver that reads what an exporter sends, as JSON. */
export class Collector {
  private constructor(private readonly endpoint: Endpoint) {}

  static async start(): Promise<Collector> {
    const endpoint = await Endpoint.start();
    endpoint.answer = () => 200;
    return new Collector(endpoint);
  }

  get url(): string {
    return this.endpoint.url('');
  }

  /** Everything received so far. */
  spans(): SeenSpan[] {
    return this.endpoint
      .at('/v1/traces')
      .flatMap(({ fact }) =>
        fact.resourceSpans.flatMap(({ scopeSpans }: Json) =>
          scopeSpans.flatMap(({ spans }: Json) => spans.map(toSeen)),
        ),
      );
  }

  of(traceId: string): SeenSpan[] {
    return this.spans().filter((span) => span.traceId === traceId);
  }

  /** Name of the service, and of other things that all spans share. */
  resource(): Record<string, Json> {
    return attributesOf(this.endpoint.at('/v1/traces')[0]!.fact.resourceSpans[0].resource.attributes);
  }

  close(): void {
    this.endpoint.close();
  }
}

const toSeen = (span: Json): SeenSpan => ({ links: [], ...span, attributes: attributesOf(span.attributes) });

const attributesOf = (list: Json[]): Record<string, Json> =>
  Object.fromEntries(list.map(({ key, value }) => [key, Object.values(value)[0]]));
