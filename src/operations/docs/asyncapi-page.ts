import { asHtml } from '../../platform/common/html.js';
import { readablePage, withCode } from './html.js';

/** Part of JSON Schema that is used here. */
interface Schema {
  $ref?: string;
  type?: string;
  const?: unknown;
  enum?: unknown[];
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema | Schema[];
  prefixItems?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
}

interface Message {
  title: string;
  summary: string;
  description?: string;
  payload: { $ref: string };
  examples: { payload: unknown }[];
}

interface Document {
  info: { title: string; version: string; description: string };
  servers: Record<string, { host: string; pathname: string; protocol: string; description: string }>;
  operations: Record<
    string,
    { action: string; messages: { $ref: string }[]; reply?: { messages: { $ref: string }[] } }
  >;
  components: { messages: Record<string, Message>; schemas: Record<string, Schema> };
}

const STYLE = `pre { overflow: auto; padding: .8rem; border-radius: .3rem; background: light-dark(#f6f8fa, #161b22) }
h3 { margin-top: 2.5rem; border-top: 1px solid light-dark(#d0d7de, #30363d); padding-top: 1rem }`;

const nameOf = (ref: string): string => ref.split('/').at(-1)!;
const link = (name: string): string => `<a href="#schema-${name}">${name}</a>`;

/** The contract of the sockets as a page to read, without a viewer and its scripts: docs/decisions/api-documents.md. */
export function asyncApiPage(document: object): string {
  const { info, servers, operations, components } = document as Document;
  const messages = (action: string) =>
    Object.entries(operations)
      .filter(([, operation]) => operation.action === action)
      .map(([name, { reply }]) =>
        message(name, components.messages, reply && nameOf(reply.messages[0]!.$ref)),
      )
      .join('\n');
  const places = Object.values(servers).map(
    ({ protocol, host, pathname, description }) =>
      `<p><code>${asHtml(`${protocol}://${host}${pathname}`)}</code>: ${withCode(description)}.</p>`,
  );
  return readablePage(
    info.title,
    STYLE,
    `<h1>${asHtml(info.title)} ${asHtml(info.version)}</h1>
<p>${withCode(info.description)}</p>
${places.join('\n')}
<p>For programs: <a href="/asyncapi.json">AsyncAPI 3 as JSON</a>. The interface over HTTP: <a href="/docs">Swagger UI</a>, <a href="/redoc">ReDoc</a>.</p>
<h2>What you send</h2>
${messages('receive')}
<h2>What the server sends</h2>
${messages('send')}
<h2>Shapes</h2>
${Object.entries(components.schemas).map(shape).join('\n')}`,
  );
}

function message(name: string, all: Record<string, Message>, answer: string | undefined): string {
  const { summary, description, payload, examples } = all[name]!;
  const reply = answer && all[answer];
  return `<h3 id="${name}"><code>${name}</code></h3>
<p>${withCode(summary)}.${description ? ` ${withCode(description)}` : ''}</p>
<p>Carries ${link(nameOf(payload.$ref))}:</p>
${example(examples[0]?.payload)}${reply ? `\n<p>Acknowledged with ${link(nameOf(reply.payload.$ref))}:</p>\n${example(reply.examples[0]?.payload)}` : ''}`;
}

/** Lists of numbers and texts on one line. */
const example = (value: unknown): string =>
  `<pre>${asHtml(JSON.stringify(value, null, 2).replace(/\[[^[\]{}]*\]/g, (list) => list.replace(/\s+/g, ' ')))}</pre>`;

function shape([name, schema]: [string, Schema]): string {
  const members = Object.entries(schema.properties ?? {}).map(([member, { description, ...type }]) => {
    const optional = schema.required?.includes(member) ? '' : ', optional';
    return `<tr><td><code>${member}</code></td><td>${typeOf(type)}${optional}</td><td>${withCode(description ?? '')}</td></tr>`;
  });
  const table = `<table>\n<thead><tr><th>member</th><th>type</th><th></th></tr></thead>\n<tbody>\n${members.join('\n')}\n</tbody>\n</table>`;
  return `<h3 id="schema-${name}">${name}</h3>
${schema.description ? `<p>${withCode(schema.description)}.</p>\n` : ''}${members.length > 0 ? table : `<p>${typeOf(schema)}</p>`}`;
}

function typeOf(schema: Schema): string {
  if (schema.$ref) return link(nameOf(schema.$ref));
  if (schema.const !== undefined) return `<code>${asHtml(JSON.stringify(schema.const))}</code>`;
  if (schema.enum) return schema.enum.map((value) => `<code>${asHtml(String(value))}</code>`).join(' or ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return choices.map(typeOf).join(' or ');
  const tuple = Array.isArray(schema.items) ? schema.items : schema.prefixItems;
  if (tuple) return `[${tuple.map(typeOf).join(', ')}]`;
  if (schema.items) return `list of ${typeOf(schema.items as Schema)}`;
  if (!schema.properties) return asHtml(schema.type ?? 'anything');
  const members = Object.entries(schema.properties).map(
    ([name, type]) => `<code>${name}</code>: ${typeOf(type)}`,
  );
  return `{${members.join(', ')}}`;
}
