import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';
import { startApp } from './support/app.js';

const REGISTRATION = { email: 'ada@example.org', password: 'correct horse battery', name: 'Ada Byron' };

/** As much of an SMTP server as a delivery needs. The first `refusals` connections are turned away. */
async function smtpServer(refusals: number) {
  const messages: string[] = [];
  let connections = 0;
  const server = createServer((socket) => {
    if (connections++ < refusals) socket.end('421 try again later\r\n');
    else void converse(socket);
  });
  async function converse(socket: Socket) {
    const say = (line: string) => socket.write(`${line}\r\n`);
    let message: string[] | undefined;
    say('220 ready');
    for await (const line of createInterface({ input: socket })) {
      if (message && line !== '.') message.push(line);
      else if (message) {
        messages.push(message.join('\n'));
        message = undefined;
        say('250 taken');
      } else if (/^DATA/i.test(line)) {
        message = [];
        say('354 go on');
      } else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n');
      else say('250 ok');
    }
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    messages,
    connections: () => connections,
    async close() {
      server.close();
      await once(server, 'close');
    },
  };
}

const until = async (condition: () => boolean) => {
  const deadline = Date.now() + 10_000;
  while (!condition() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(condition());
};

describe('mail', () => {
  test('goes to the SMTP server, again when it was turned away', async () => {
    const smtp = await smtpServer(1);
    const app = await startApp({ smtpUrl: smtp.url, mailFrom: 'Tickets <tickets@example.org>' });
    try {
      assert.equal((await app.client().post('/auth/register', REGISTRATION)).status, 201);
      await until(() => smtp.messages.length === 1);
      assert.equal(smtp.connections(), 2);
      assert.match(smtp.messages[0]!, /^From: Tickets <tickets@example\.org>$/m);
      assert.match(smtp.messages[0]!, /^To: ada@example\.org$/m);
      assert.match(smtp.messages[0]!, /^Subject: Confirm your email address$/m);
      assert.equal((await app.client().get('//dev/mail.json')).body.length, 0);
    } finally {
      await app.close();
      await smtp.close();
    }
  });

  test('that waits for its next try is tried once more at the end, and holds nothing up', async () => {
    const smtp = await smtpServer(Number.POSITIVE_INFINITY);
    const app = await startApp({ smtpUrl: smtp.url, logLevel: 'silent' });
    let took = Number.POSITIVE_INFINITY;
    let tries = 0;
    try {
      assert.equal((await app.client().post('/auth/register', REGISTRATION)).status, 201);
      await until(() => smtp.connections() > 0);
      tries = smtp.connections();
    } finally {
      const start = performance.now();
      await app.close();
      took = performance.now() - start;
      await smtp.close();
    }
    assert.ok(smtp.connections() > tries);
    assert.ok(took < 10_000, `closing took ${took} ms`);
  });

  test('is not kept or shown in production', async () => {
    const app = await startApp({ env: 'production', logLevel: 'silent' });
    try {
      assert.equal((await app.client().post('/auth/register', REGISTRATION)).status, 201);
      assert.equal((await app.client().get('//dev/mail')).status, 404);
      assert.equal((await app.client().get('//dev/mail.json')).status, 404);
      await new Promise((resolve) => setTimeout(resolve, 200));
      assert.equal((await app.db.query('SELECT FROM dev_mail')).rowCount, 0);
    } finally {
      await app.close();
    }
  });
});
