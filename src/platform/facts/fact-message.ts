import type { AnyFact } from './fact-map.js';

/** Fact as other systems see it; docs/BROKER.md is the contract. */
export interface FactMessage {
  /** The same for every delivery of a fact, and for no other. */
  readonly messageId: string;
  readonly type: string;
  /** Seconds since 1970, as AMQP has it; the body knows milliseconds. */
  readonly timestamp: number;
  readonly contentType: 'application/json';
  readonly correlationId?: string;
  readonly body: Buffer;
}

export function factMessage(fact: AnyFact): FactMessage {
  const { type, stream, streamId, version, eventId, actor, correlationId, occurredAt, data } = fact;
  const messageId = `${stream}:${streamId}:${version}`;
  return {
    messageId,
    type,
    timestamp: Math.floor(occurredAt.getTime() / 1_000),
    contentType: 'application/json',
    ...(correlationId && { correlationId }),
    body: Buffer.from(
      JSON.stringify({
        id: messageId,
        type,
        occurredAt: occurredAt.toISOString(),
        stream,
        streamId,
        version,
        eventId,
        actor,
        correlationId,
        data,
      }),
    ),
  };
}
