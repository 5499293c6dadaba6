import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import type { Agent } from 'undici';
import { startApp, type TestApp } from '../../support/app.js';
import { type Answer, type Client, createAgent, type Json } from '../../support/client.js';
import { Endpoint } from '../../support/endpoint.js';
import { openSale, plainHall, type Sale } from '../../support/halls.js';
import { card } from '../../support/money.js';
import { RawConnection } from '../../support/raw.js';
import { Replica } from '../../support/replica.js';
import { MailServer } from '../../support/smtp.js';
import { until } from '../../support/until.js';

const secret = (what: string) => `${what}-${crypto.randomUUID()}`;

describe('what a process writes about what it was told', () => {
  const agent: Agent = createAgent(20);
  /** Secrets that were used and must not be logged, by their kind. */
  const secrets: Record<string, string> = {};
  let app: TestApp;
  let sale: Sale;
  let replica: Replica;
  let hook: Endpoint;
  let dead: ReturnType<typeof createServer>;
  let mailServer: MailServer;

  const named = (what: string): string => {
    const made = secret(what);
    secrets[what] = made;
    return made;
  };

  beforeAll(async () => {
    // Only makes the sale; all that is done is done by the process that is looked at.
    app = await startApp({
      role: 'api',
      inventory: { sweeper: false },
      waitlist: { worker: false },
      sagas: { worker: false },
    });
    sale = await openSale(app, plainHall(4, 10));
    hook = await Endpoint.start();
    mailServer = await MailServer.start();
    mailServer.content = ({ to }) =>
      to.includes('refused') ? { code: 550, text: `<${to}> unknown` } : 'take';
    // Takes connections of Redis and RabbitMQ and ends them, so that both libraries have something to say.
    dead = createServer((socket) =>
      socket.on('error', () => {}).once('data', () => socket.end('-ERR no\r\n')),
    );
    dead.listen(0, '127.0.0.1');
    await once(dead, 'listening');
    const { port } = dead.address() as AddressInfo;
    secrets['password of the database'] = new URL(app.config.database.url).password;
    secrets['key of access tokens'] = app.config.auth.jwtSecret;
    secrets['key of tickets'] = app.config.tickets.keys[0]!;
    replica = await Replica.start(app, {
      LOG_LEVEL: 'debug',
      EVENTLY_TICKET_KEY: secrets['key of tickets'],
      REDIS_URL: `redis://evently:${named('password-of-redis')}@127.0.0.1:${port}`,
      AMQP_URL: `amqp://evently:${named('password-of-rabbitmq')}@127.0.0.1:${port}`,
      SMTP_URL: mailServer.url.replace('//', `//evently:${named('password-of-smtp')}@`),
      EVENTLY_METRICS_TOKEN: named('token-of-metrics'),
      EVENTLY_WEBHOOK_PRIVATE: 'on',
    });
  });
  afterAll(async () => {
    await replica?.process.end('SIGKILL');
    await agent.destroy();
    hook.close();
    dead.close();
    await mailServer.close();
    await app.close();
  });

  const keep = async (answer: Promise<Answer>, status?: number): Promise<Json> => {
    const got = await answer;
    if (status) assert.equal(got.status, status, JSON.stringify(got.body));
    return got.body;
  };
  const mailTo = async (address: string, count: number): Promise<string> => {
    const there = () => mailServer.received.filter(({ to }) => to.includes(address));
    await until(() => there().length >= count);
    return there()[count - 1]!.raw;
  };
  const tokenIn = (raw: string) =>
    /token=([\w-]{20,})/.exec(raw.replaceAll('=\r\n', '').replaceAll('=3D', '='))![1]!;

  async function register(
    who: string,
  ): Promise<{ client: Client; email: string; password: string; user: Json }> {
    const email = `${secret(who)}@people.example`;
    const password = secret(`password of ${who}`);
    const name = `Name ${secret(who)}`;
    Object.assign(secrets, {
      [`email of ${who}`]: email,
      [`password of ${who}`]: password,
      [`name of ${who}`]: name,
    });
    const made = await keep(replica.client(agent).post('/auth/register', { email, password, name }), 201);
    secrets[`token of ${who}`] = made.accessToken;
    secrets[`refresh token of ${who}`] = made.refreshToken;
    return { client: replica.client(agent, made.accessToken), email, password, user: made.user };
  }

  test('journeys with everything that is secret: done, refused and failed', async () => {
    const anybody = replica.client(agent);
    const ada = await register('ada');
    const post = (path: string, body: Json, who: Client = anybody, headers = {}) =>
      keep(who.post(path, body, headers));
    // Sessions, with what is wrong in every place.
    await post('/auth/login', { email: ada.email, password: named('wrong password') });
    const { refreshToken } = await post('/auth/login', { email: ada.email, password: ada.password });
    secrets['second refresh token'] = refreshToken;
    await post('/auth/refresh', { refreshToken });
    await post('/auth/refresh', { refreshToken });
    await post('/auth/login', `{"email":"${ada.email}","password":"${ada.password}"`);
    await post('/auth/login', { email: ada.email, password: ada.password, [ada.password]: 1 });
    await post('/auth/login', { email: [ada.email], password: { is: ada.password } });
    await post('/auth/register', { email: ada.email, password: ada.password, name: 'Twice' });
    await keep(replica.client(agent, `${secrets['token of ada']}x`).get('/auth/me'), 401);
    await keep(
      anybody.get(`/auth/me?access_token=${secrets['token of ada']}&email=${encodeURIComponent(ada.email)}`),
    );
    await keep(anybody.get('/events', { cookie: `session=${secrets['token of ada']}` }));
    secrets['token in a mail'] = tokenIn(await mailTo(ada.email, 1));
    await post('/auth/verify', { token: secrets['token in a mail'] });
    await post('/auth/forgot', { email: ada.email });
    secrets['token to reset'] = tokenIn(await mailTo(ada.email, 2));
    const password = named('new password');
    await post('/auth/reset', { token: secrets['token to reset'], password });
    const { accessToken } = await post('/auth/login', { email: ada.email, password });
    secrets['last token'] = accessToken;
    const me = replica.client(agent, accessToken);

    // A purchase, with a card that is declined and one that is good.
    const held = await keep(me.post(`/events/${sale.eventId}/holds`, { seats: [1] }), 201);
    secrets['declined card'] = '4000000000000002';
    secrets['good card'] = '4242424242424242';
    await post(`/bookings/${held.id}/checkout`, card(secrets['declined card']), me);
    await post(
      `/bookings/${held.id}/checkout`,
      { payment: { method: 'card', card: { number: `${secrets['good card']}0` } } },
      me,
    );
    await keep(me.post(`/bookings/${held.id}/checkout`, card(secrets['good card'])), 200);
    await until(async () => {
      const { data } = (await me.get(`/bookings/${held.id}/tickets`)).body;
      if (data[0]) secrets['code of a ticket'] = data[0].token;
      return data.length > 0;
    });
    await keep(
      sale.organizer.client.post(`/events/${sale.eventId}/check-in`, {
        token: secrets['code of a ticket'],
        gate: 'N',
      }),
      200,
    );

    // A webhook that fails, and a mail that the other side refuses.
    const organizer = replica.client(agent, sale.organizer.token);
    const made = await post(
      '/webhooks',
      { url: hook.url(`/${named('path-of-a-webhook')}`), facts: ['ticket.*'] },
      organizer,
    );
    secrets['secret of a webhook'] = made.secret;
    hook.answer = () => 500;
    await post(`/webhooks/${made.id}/ping`, {}, organizer);
    await until(() => hook.messages.length > 0);
    await register('refused');
    await until(async () => {
      const { rows } = await app.db.query(`SELECT 1 FROM mail WHERE state = 'failed'`);
      return rows.length > 0;
    });

    // Control sequences that terminals and readers of logs would obey, in a path and in a header.
    const raw = async (path: string, correlationId = '') => {
      const head = `GET /api/v1/nowhere${path} HTTP/1.1\r\nHost: x\r\nX-Correlation-Id: ${correlationId}\r\n\r\n`;
      const connection = await RawConnection.open(replica.url, head);
      await until(() => /^HTTP\/1.1 4/.test(connection.received));
      connection.end();
    };
    for (const path of [
      '%1b[31m%0d%0a{"level":"fatal"}',
      '%c2%9b2J',
      '%e2%80%ae',
      '\x9b2J',
      '\x1b[2J',
      '\u202e',
    ])
      await raw(path);
    for (const id of ['a\x1b[31m', 'a\u202e', '\x9b', '"}{"level":"fatal"']) await raw('', id);

    // Errors that nobody foresaw: the database says what it was given.
    await app.db.query(`ALTER TABLE app_user ADD CONSTRAINT nobody CHECK (name <> 'Nobody') NOT VALID`);
    const unlucky = {
      email: `${secret('unlucky')}@people.example`,
      password: secret('unlucky password'),
      name: 'Nobody',
    };
    Object.assign(secrets, {
      'email of the unlucky': unlucky.email,
      'password of the unlucky': unlucky.password,
    });
    assert.equal((await anybody.post('/auth/register', unlucky)).status, 500);
    await app.db.query('ALTER TABLE session RENAME TO session_away');
    await post('/auth/login', { email: ada.email, password });
    await app.db.query('ALTER TABLE session_away RENAME TO session');
  });

  test('logs, status and metrics tell none of it, and no log line is broken', async () => {
    const status = await keep(replica.client(agent).get('/health/status'), 200);
    const asked = await fetch(`${replica.url}/metrics`, {
      headers: { authorization: `Bearer ${secrets['token-of-metrics']}` },
    });
    assert.equal(asked.status, 200);
    const told = {
      logs: replica.process.output,
      status: JSON.stringify(status),
      metrics: await asked.text(),
    };
    for (const [what, least] of [
      ['logs', /"level":"error".*Unexpected error/],
      ['logs', /A mail could not be sent/],
      ['logs', /"path":"\/api\/v1\/auth\/login"/],
      ['status', /"redis":"unavailable"/],
      ['metrics', /evently_http/],
    ] as const)
      assert.ok(least.test(told[what]), `${what}: ${least}`);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
    assert.doesNotMatch(told.logs, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/);
    assert.ok(told.logs.includes('"path":"/api/v1/nowhere%1b[31m%0d%0a'));
    assert.ok(!told.logs.includes('"level":"fatal"'));
    const found: string[] = [];
    for (const [name, value] of Object.entries(secrets)) {
      assert.ok(value.length >= 12, name);
      for (const [place, text] of Object.entries(told))
        for (const form of [value, encodeURIComponent(value), ...encoded(value)])
          if (text.toLowerCase().includes(form.toLowerCase())) {
            const at = text.toLowerCase().indexOf(form.toLowerCase());
            found.push(`${place} tell ${name}: ${text.slice(Math.max(0, at - 300), at + 100)}`);
          }
    }
    assert.deepEqual(found, []);
    assert.ok(Object.keys(secrets).length > 25, Object.keys(secrets).join());
  });
});

/** As it would be within something that was encoded as a whole, at any of the three places of base64. */
function encoded(value: string): string[] {
  return [0, 1, 2].flatMap((shift) => {
    const whole = Buffer.from('x'.repeat(shift) + value).toString('base64');
    const inner = whole.slice(shift && 4, -4);
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
