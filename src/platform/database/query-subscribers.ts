import { SpanKind } from '@opentelemetry/api';
import type { EntitySubscriberInterface } from 'typeorm';
import type { AfterQueryEvent } from 'typeorm/subscriber/event/QueryEvent.js';
import { tracedBefore } from '../observability/tracing.js';

const LONGEST_TEXT = 500;

export const STATEMENT = { kind: SpanKind.CLIENT, attributes: { 'db.system.name': 'postgresql' } };

/** Tells of TypeORM's statements that failed; `statement`: its first word, since these have no names. */
export class FailedQueries implements EntitySubscriberInterface {
  constructor(private readonly failed: (statement: string, error: unknown) => void) {}

  afterQuery({ query, success, error }: AfterQueryEvent): void {
    if (!success) this.failed(query.split(/\s/, 1)[0]!, error);
  }
}

/** Spans of what TypeORM asks. Texts are parameterized: no values of anybody. */
export class QuerySpans implements EntitySubscriberInterface {
  afterQuery({ query, executionTime = 0, error }: AfterQueryEvent): void {
    const attributes = { ...STATEMENT.attributes, 'db.query.text': query.slice(0, LONGEST_TEXT) };
    tracedBefore(query.split(/\s/, 1)[0]!, { kind: STATEMENT.kind, attributes }, executionTime, error);
  }
}
