import Fastify from 'fastify';
import { given, serveParent } from '../test/support/child.js';

export interface Same {
  readonly path: string;
  readonly headers: Record<string, string>;
  /** Base64. */
  readonly body: string;
}

/** Fastify alone, sending what the application sent: the same bytes, headers and 304. */
const app = Fastify();
for (const { path, headers, body } of given<Same[]>()) {
  const bytes = Buffer.from(body, 'base64');
  app.get(path, (request, reply) => {
    reply.headers(headers);
    if (request.headers['if-none-match'] === headers.etag) return reply.status(304).send();
    return reply.send(bytes);
  });
}
const url = await app.listen({ port: 0, host: '127.0.0.1', backlog: 4096 });
serveParent({ url }, {}, () => app.close());
