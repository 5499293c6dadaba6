import assert from 'node:assert/strict';
import type { RecordedCall } from '../../src/operations/docs/examples.js';
import type { Call } from '../support/access-table.js';
import type { Answer, Client, Json } from '../support/client.js';

export const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** Makes calls of the API by the names of their routes, and keeps what was sent and answered. */
export class Recorder {
  readonly calls = new Map<string, RecordedCall[]>();
  /** By `GET /events/{id}`. */
  private readonly operations: Map<string, Json>;

  constructor(private readonly document: Json) {
    this.operations = new Map(
      Object.entries<Json>(document.paths).flatMap(([path, item]) =>
        METHODS.filter((method) => item[method]).map((method): [string, Json] => [
          `${method.toUpperCase()} ${path.replace('/api/v1', '')}`,
          item[method],
        ]),
      ),
    );
  }

  idOf(route: string): string {
    return this.operation(route).operationId;
  }

  has(route: string): boolean {
    return (this.calls.get(this.idOf(route)) ?? []).some(({ status }) => status < 300);
  }

  /** @param status what it must answer with. @param name of the example, where a route has several; errors are named by their code */
  async call(route: string, client: Client, status: number, call: Call = {}, name?: string): Promise<Json> {
    const operation = this.operation(route);
    const isList = (operation.parameters as Json[])?.some(({ name }) => name === 'limit');
    const { params = {}, query = isList ? '?limit=2' : '', headers } = call;
    const body = call.body ?? this.exampleOf(operation);
    const [method, path] = route.split(' ') as [string, string];
    const url = path.replace(/\{(\w+)\}/g, (_, part: string) => encodeURIComponent(params[part]!));
    const answer = await client.send(method, url + query, body, headers);
    assert.equal(answer.status, status, `${route}: ${answer.status} ${JSON.stringify(answer.body)}`);
    this.keep(operation.operationId, body, answer, name);
    return answer.body;
  }

  private keep(id: string, request: Json, { status, body, headers }: Answer, name?: string): void {
    const isJson = /json/.test(headers['content-type'] ?? '');
    const kept = this.calls.get(id) ?? [];
    kept.push({
      name: name ?? (status >= 400 ? body.code : `status_${status}`),
      status,
      ...(request !== undefined && !Buffer.isBuffer(request) && { request }),
      ...(isJson && { answer: body }),
    });
    this.calls.set(id, kept);
  }

  private operation(route: string): Json {
    return this.operations.get(route) ?? assert.fail(`There is no ${route}`);
  }

  private exampleOf({ requestBody }: Json): Json {
    const schema = requestBody?.content['application/json']?.schema;
    if (!schema) return undefined;
    return schema.example ?? this.document.components.schemas[schema.$ref.split('/').at(-1)].example;
  }
}
