import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenAPIObject } from '@nestjs/swagger';
import { ROOT } from '../../platform/common/paths.js';
import { PROBLEM_RESPONSES } from './problem.responses.js';

/** A call that was really made. */
export interface RecordedCall {
  /** Name of the example; a refusal is named by its code. */
  readonly name: string;
  readonly status: number;
  /** JSON, where one was sent. */
  readonly request?: unknown;
  /** JSON of the answer, if it was JSON. */
  readonly answer?: unknown;
}

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
interface Content {
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}
type Answer = { $ref?: string; content?: Record<string, Content> };

const FILE = join(ROOT, 'data', 'api-examples.json');

/** By operation id, as `npm run docs:examples` has recorded them. */
export function recordedCalls(): Record<string, RecordedCall[]> {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, RecordedCall[]>;
}

/** Gives an operation the examples of these calls: what was sent, and what was answered with each status. */
export function addExamples(operation: Operation, calls: readonly RecordedCall[] = []): void {
  const { content } = (operation.requestBody ?? {}) as Answer;
  const sent = calls.filter(({ status, request }) => status < 300 && request !== undefined);
  give(content?.['application/json'], sent, 'request');
  const responses = operation.responses as Record<string, Answer>;
  const answered = calls.filter(({ answer }) => answer !== undefined);
  for (const [status, own] of Map.groupBy(answered, (call) => call.status)) {
    const response = ownResponse(responses, status);
    const [type] = Object.keys(response.content ?? {}).filter((name) => /json/.test(name));
    if (type) give(response.content![type], own, 'answer');
  }
}

/** Errors are documented for all routes together; one with examples of its own gets a copy. */
function ownResponse(responses: Record<string, Answer>, status: number): Answer {
  const documented = responses[status];
  if (documented && !documented.$ref) return documented;
  const own = structuredClone(PROBLEM_RESPONSES[`Problem${status}`]) as Answer;
  responses[status] = own;
  return own;
}

function give(
  content: Content | undefined,
  calls: readonly RecordedCall[],
  what: 'request' | 'answer',
): void {
  const [first, second] = calls;
  if (!content || !first) return;
  delete content.example;
  if (!second) content.example = first[what];
  else content.examples = Object.fromEntries(calls.map((call) => [call.name, { value: call[what] }]));
}
