import type { Json } from './client.js';
import { fromTools } from './tools-package.js';

/** Below the root of the repository. */
export const CLIENT_SOURCES = 'clients/typescript/src';

const HEAD = '// Made by `npm run client:types` from the documents of the running application.\n\n';
// A body may leave out what has a default.
const OPTIONS = { defaultNonNullable: false, silent: true } as const;

async function print(document: Json): Promise<string> {
  const { default: openapiTypes, astToString } = await fromTools<Json>('openapi-typescript');
  return astToString(await openapiTypes(document, OPTIONS));
}

/** The generated files of the TypeScript client by name, from `/openapi.json` and `/asyncapi.json`. */
export async function clientTypes(openApi: Json, asyncApi: Json): Promise<Record<string, string>> {
  return {
    'openapi.gen.ts': HEAD + (await print(openApi)),
    'operations.gen.ts': HEAD + idempotentOperations(openApi),
    'live.gen.ts': HEAD + (await liveTypes(asyncApi)),
  };
}

function idempotentOperations({ paths }: Json): string {
  const names = Object.entries<Json>(paths).flatMap(([path, item]) =>
    Object.entries<Json>(item)
      .filter(([, { parameters }]) => parameters?.some(({ name }: Json) => name === 'Idempotency-Key'))
      .map(([method]) => `  '${method.toUpperCase()} ${path}',`),
  );
  return [
    '/** Operations that take an `Idempotency-Key`. */',
    'export const IDEMPOTENT = [',
    ...names,
    '] as const;\n',
  ].join('\n');
}

async function liveTypes({ operations, components }: Json): Promise<string> {
  const schemas = await print({
    openapi: '3.1.0',
    info: { title: 'live', version: '1' },
    paths: {},
    components: { schemas: components.schemas },
  });
  const payloadOf = (name: string) => {
    const { $ref } = components.messages[name].payload;
    return `components['schemas']['${$ref.split('/').at(-1)}']`;
  };
  const named = Object.entries<Json>(operations);
  const sent = named.filter(([, { action }]) => action === 'send').map(([name]) => name);
  const asked = named.filter(([, { action }]) => action === 'receive').map(([name]) => name);
  return [
    schemas,
    '/** Messages from the server. */',
    'export interface FromServer {',
    ...sent.map((name) => `  '${name}': ${payloadOf(name)};`),
    '}\n',
    '/** Messages from clients, and the answer to each. */',
    'export interface FromClients {',
    ...asked.map(
      (name) => `  '${name}': { payload: ${payloadOf(name)}; answer: ${payloadOf(`${name}.answer`)} };`,
    ),
    '}\n',
  ].join('\n');
}
