import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, test } from '@jest/globals';
import { FrontProxy } from '../../support/front-proxy.js';
import { describeWith } from '../../support/needing.js';

for (const kind of ['haproxy', 'nginx'] as const)
  describeWith(kind)(`what ${kind} does with requests`, () => {
    const servers: Server[] = [];
    /** By method, how often a request reached either server. */
    const reached: Record<string, number> = {};
    let proxy: FrontProxy;

    const serve = async (handle: RequestListener) => {
      const server = createServer((request, response) => {
        if (request.url === '/api/v1/health/ready') return response.end();
        reached[request.method!] = (reached[request.method!] ?? 0) + 1;
        return handle(request, response);
      }).listen(0, '127.0.0.1');
      servers.push(server);
      await once(server, 'listening');
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    };
    const dies = ({ url }: IncomingMessage) => url === '/dying';

    beforeAll(async () => {
      // The first of two replicas dies of a request, while the second answers with the request it got.
      const first = await serve((request, response) =>
        dies(request) ? request.socket.destroy() : response.end(JSON.stringify(request.headers)),
      );
      const second = await serve((request, response) => response.end(JSON.stringify(request.headers)));
      proxy = await FrontProxy.start(kind, [first, second]);
    });
    afterAll(async () => {
      await proxy?.end();
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
    });

    test('it names the client by its own knowledge, and keeps metrics inside', async () => {
      const claims = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' };
      const answer = await fetch(`${proxy.url}/anything`, { headers: claims });
      const headers = (await answer.json()) as Record<string, string>;
      assert.deepEqual(
        [headers['x-forwarded-for'], headers['x-forwarded-proto'], headers['x-forwarded-host']],
        ['127.0.0.1', 'http', kind === 'nginx' ? '127.0.0.1' : new URL(proxy.url).host],
      );
      assert.equal((await fetch(`${proxy.url}/metrics`)).status, 404);
    });

    test('it repeats reads that got no answer on the other replica, and nothing else', async () => {
      // Some go to the healthy one first.
      for (let i = 0; i < 6; i++) assert.equal((await fetch(`${proxy.url}/dying`)).status, 200);
      assert.ok(reached.GET! > 7, `${reached.GET} reads reached a server`);
      const post = () =>
        fetch(`${proxy.url}/dying`, { method: 'POST' }).then(
          ({ status }) => status,
          () => 'no answer',
        );
      const heard: unknown[] = [];
      // A server that failed is left alone for a second.
      while (!heard.some((what) => what !== 200) && heard.length < 40) {
        heard.push(await post());
        await sleep(100);
      }
      assert.ok([502, 'no answer'].includes(heard.at(-1) as never), `${heard}`);
      assert.equal(reached.POST, heard.length);
    });
  });
