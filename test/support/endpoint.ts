import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { Json } from './client.js';

export interface Message {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly fact: Json;
}

/** An organizer's system. It answers what `answer` says. */
export class Endpoint {
  readonly messages: Message[] = [];
  answer: (message: Message) => number | 'never' = () => 204;
  private constructor(private readonly server: Server) {}

  static async start(): Promise<Endpoint> {
    const server = createServer();
    const endpoint = new Endpoint(server);
    server.on('request', async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const headers = request.headers as Record<string, string>;
      const message = { path: request.url!, headers, body, fact: JSON.parse(body) };
      endpoint.messages.push(message);
      const status = endpoint.answer(message);
      if (status !== 'never') response.writeHead(status, { location: '/elsewhere' }).end('thanks');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return endpoint;
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.server.address() as { port: number }).port}${path}`;
  }

  at(path: string): Message[] {
    return this.messages.filter((message) => message.path === path);
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
