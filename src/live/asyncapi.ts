import { z } from 'zod';
import { fromClients, fromServer, shared } from './live.messages.js';

type Json = Record<string, unknown>;

interface Message {
  readonly summary: string;
  readonly description?: string;
  readonly payload: z.ZodType;
  readonly answer?: z.ZodType;
}

const idOf = (schema: z.ZodType): string => schema.meta()!.id as string;
const exampleOf = (schema: z.ZodType) => ({ payload: schema.meta()!.example });
const ref = (path: string) => ({ $ref: `#/${path}` });

/** The contract of the sockets as an AsyncAPI 3 document, made from the same schemas that check the messages. */
export function asyncApi(publicUrl: string): Json {
  const { host, protocol } = new URL(publicUrl);
  const asked = Object.entries<Message>(fromClients);
  const sent = Object.entries<Message>(fromServer);
  const answers = asked.map(([name, { answer }]) => [`${name}.answer`, answer!] as const);
  const messages: Json = {
    ...Object.fromEntries([...asked, ...sent].map(([name, message]) => [name, describe(name, message)])),
    ...Object.fromEntries(
      answers.map(([name, payload]) => [
        name,
        describe(name, { summary: `Acknowledges ${name.replace(/\.answer$/, '')}`, payload }),
      ]),
    ),
  };
  const channel = ref('channels/live');
  const onChannel = (name: string) => [ref(`channels/live/messages/${name}`)];
  return {
    asyncapi: '3.1.0',
    info: {
      title: 'Evently live feed',
      version: '1.0.0',
      description:
        'Socket.IO 4, namespace /live, over WebSocket: in production a handshake by polling is refused with `websocket_only`. An access token in `auth.token` is optional: the feed is public, bookings are told to their buyer only. The token of a buyer session is taken from pages of its origin (`origin_not_allowed` elsewhere), watches its event only, and hears of its bookings for it; it ends with the session, and with the key that made it. Operations are named from the side of the server.',
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
      contact: { name: 'Operator of this installation', url: publicUrl },
      tags: [{ name: 'live', description: 'Seats as they change, and what becomes of your own bookings' }],
    },
    defaultContentType: 'application/json',
    servers: {
      here: {
        host,
        pathname: '/socket.io/',
        protocol: protocol === 'https:' ? 'wss' : 'ws',
        description: 'WebSocket first; long polling where that is not possible needs sticky sessions',
      },
    },
    channels: {
      live: {
        address: '/live',
        title: 'Live seats and bookings',
        messages: Object.fromEntries(
          Object.keys(messages).map((name) => [name, ref(`components/messages/${name}`)]),
        ),
      },
    },
    operations: {
      ...Object.fromEntries(
        asked.map(([name, { summary, description }]) => [
          name,
          {
            action: 'receive',
            summary,
            description: description ?? `${summary}.`,
            channel,
            messages: onChannel(name),
            reply: { channel, messages: onChannel(`${name}.answer`) },
          },
        ]),
      ),
      ...Object.fromEntries(
        sent.map(([name, { summary, description }]) => [
          name,
          {
            action: 'send',
            summary,
            description: description ?? `${summary}.`,
            channel,
            messages: onChannel(name),
          },
        ]),
      ),
    },
    components: {
      messages,
      schemas: schemasOf(
        [...asked, ...sent].flatMap(([, m]) => (m.answer ? [m.payload, m.answer] : [m.payload])),
      ),
    },
  };
}

function describe(name: string, { summary, description, payload }: Message): Json {
  return {
    name,
    title: name,
    summary,
    ...(description && { description }),
    payload: ref(`components/schemas/${idOf(payload)}`),
    examples: [exampleOf(payload)],
  };
}

function schemasOf(payloads: z.ZodType[]): Json {
  const registry = z.registry<{ id: string }>();
  for (const schema of new Set([...payloads, ...shared])) registry.add(schema, { id: idOf(schema) });
  const { schemas } = z.toJSONSchema(registry, {
    target: 'draft-7',
    uri: (id) => `#/components/schemas/${id}`,
    override: ({ jsonSchema }) => {
      const { example } = jsonSchema as { example?: unknown };
      if (example !== undefined) jsonSchema.examples = [example as never];
      for (const key of ['id', '$id', 'example'] as const) delete (jsonSchema as Json)[key];
    },
  });
  return Object.fromEntries(Object.entries(schemas).map(([id, { $schema, $id, ...schema }]) => [id, schema]));
}
