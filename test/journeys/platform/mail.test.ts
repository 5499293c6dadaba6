import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { formatMoney } from '../../../src/platform/common/locale.js';
import { localeOf } from '../../../src/platform/http/accept.js';
import { compose, inert } from '../../../src/platform/mail/letter.js';
import { isRefusal, pauseAfter } from '../../../src/platform/mail/mail.rules.js';
import { MailWorkerService } from '../../../src/platform/mail/mail-worker.service.js';
import { startApp, type TestApp } from '../../support/app.js';
import type { Json } from '../../support/client.js';
import { Replica } from '../../support/replica.js';
import { MailServer } from '../../support/smtp.js';
import { until } from '../../support/until.js';

const REGISTRATION = { email: 'ada@example.org', password: 'correct horse battery', name: 'Ada Byron' };

describe('mail', () => {
  let app: TestApp;
  let smtp: MailServer;

  beforeAll(async () => {
    smtp = await MailServer.start();
    app = await startApp({
      mail: { smtpUrl: smtp.url, from: 'Tickets <tickets@example.org>', timeoutMs: 300 },
      logLevel: 'silent',
    });
  });

  afterAll(async () => {
    await app.close();
    await smtp.close();
  });

  const states = async (): Promise<Json> =>
    Object.fromEntries(
      (await app.db.query('SELECT state, count(*)::int AS n FROM mail GROUP BY state')).rows.map((row) => [
        row.state,
        row.n,
      ]),
    );
  /** Pauses pass, and the leases of processes that had more patience than this one: those that are gone. */
  const hurry = async () => {
    await app.db.query(
      `UPDATE mail SET due_at = now() WHERE state = 'pending' AND (lease IS NULL OR due_at > now() + interval '1 min')`,
    );
    app.nest.get(MailWorkerService).nudge();
  };
  /** Asks for a mail to each of so many people. @returns their addresses */
  const ask = async (count: number): Promise<string[]> => {
    const people = await app.people(count);
    await Promise.all(people.map(({ email }) => app.client().post('/auth/forgot', { email })));
    return people.map(({ email }) => email);
  };
  const settled = () =>
    until(async () => {
      await hurry();
      return ((await states()).pending ?? 0) === 0;
    }, 30_000);

  test('goes to the SMTP server in the language of its reader, under an id of its own', async () => {
    const german = { 'accept-language': 'fr, de-DE;q=0.9, en;q=0.5' };
    const { status, body } = await app.client().post('/auth/register', REGISTRATION, german);
    assert.deepEqual([status, body.user.locale], [201, 'de']);
    await until(() => smtp.received.length === 1);
    const { raw, messageId } = smtp.received[0]!;
    assert.match(raw, /^From: Tickets <tickets@example\.org>\r$/m);
    assert.match(raw, /^To: ada@example\.org\r$/m);
    assert.match(raw, /^Subject: =\?UTF-8\?Q\?Best=C3=A4tigen_Sie_Ihre/m);
    await until(async () => (await states()).sent === 1);
    const { rows } = await app.db.query('SELECT id, data FROM mail');
    assert.equal(messageId, `<${rows[0].id}@example.org>`);
    assert.equal((await app.client().get('//dev/mail.json')).body.length, 0);
  });

  test('arrives once, whatever the server does first: it refuses for now, hangs, or dies in the middle', async () => {
    const before = smtp.received.length;
    const seen = new Map<string, number>();
    const faults = [{ code: 451 }, { code: 421 }, 'die', 'hang'] as const;
    smtp.content = ({ messageId }) => {
      const times = seen.get(messageId) ?? 0;
      seen.set(messageId, times + 1);
      const fault = times === 0 ? faults[seen.size % 5] : undefined;
      if (fault === 'hang') return new Promise(() => {});
      return fault ?? 'take';
    };
    smtp.envelope = () => (Math.random() < 0.2 ? { code: 450 } : 'take');
    await ask(25);
    await until(async () => (await states()).pending === undefined || seen.size > 0);
    await settled();
    smtp.content = smtp.envelope = () => 'take';
    assert.deepEqual(await states(), { sent: 26 });
    assert.equal(smtp.received.length - before, 25);
    assert.equal(smtp.ids.size, smtp.received.length);
    assert.ok([...seen.values()].some((times) => times > 1));
  });

  test('survives the death of the process that sends it: none is lost, copies have the same id', async () => {
    const waiting: { messageId: string; taken: boolean; go: () => void }[] = [];
    let holding = true;
    // The server takes every other mail that is in hand when the process dies, and cannot say so.
    smtp.content = (mail) =>
      holding
        ? new Promise((resolve) => {
            const taken = waiting.length % 2 === 0;
            if (taken) smtp.received.push(mail);
            waiting.push({ messageId: mail.messageId, taken, go: () => resolve('die') });
          })
        : 'take';
    const replica = await Replica.start(app, {
      SMTP_URL: smtp.url,
      MAIL_FROM: app.config.mail.from,
      EVENTLY_MAIL_TIMEOUT_MS: '60000',
    });
    const addresses = await ask(40);
    await until(() => waiting.length >= 8);
    replica.signal('SIGKILL');
    holding = false;
    for (const { go } of waiting) go();
    await settled();
    assert.deepEqual(await states(), { sent: 26 + 40 });
    const received = smtp.received.filter(({ to }) => addresses.includes(to));
    const ids = new Set(received.map(({ messageId }) => messageId));
    assert.deepEqual([ids.size, new Set(received.map(({ to }) => to)).size], [40, 40]);
    const copies = received.length - ids.size;
    const taken = waiting.filter((mail) => mail.taken).length;
    assert.ok(copies > 0 && copies <= taken, `${copies} copies, ${taken} taken without a word`);
  });

  test('that is refused for good is given up; an operator sees why and sends it again', async () => {
    const [admin] = await app.people(1, 'admin');
    smtp.envelope = () => ({ code: 550 });
    const [email] = await ask(1);
    await until(async () => (await states()).failed === 1);
    smtp.envelope = () => 'take';
    const { body } = await admin!.client.get('/admin/mails?state=failed');
    const [mail] = body.data;
    assert.deepEqual([mail.kind, mail.attempts, mail.dueAt], ['account.reset', 1, null]);
    assert.match(mail.lastError, /550/);
    assert.match((await app.client().get('//metrics')).body, /^evently_mails\{state="failed"\} 1$/m);
    const retried = await admin!.client.post(`/admin/mails/${mail.id}/retry`);
    assert.deepEqual([retried.status, retried.body.state], [200, 'pending']);
    await until(() => smtp.received.some(({ to }) => to === email));
    await settled();
    const again = await admin!.client.post(`/admin/mails/${mail.id}/retry`);
    assert.deepEqual([again.status, again.body.code], [409, 'mail_settled']);
    const unknown = `/admin/mails/${mail.userId}/retry`;
    assert.equal((await admin!.client.post(unknown)).status, 404);
    const [other] = await app.people(1);
    assert.equal((await other!.client.get('/admin/mails')).status, 403);
    assert.equal((await admin!.client.get('/admin/mails?cursor=x')).body.code, 'invalid_cursor');
  });

  test('that came too late to be of use, or has nobody to go to, is not sent', async () => {
    const before = smtp.received.length;
    smtp.envelope = () => ({ code: 451 });
    const addresses = await ask(2);
    await until(async () => (await states()).pending === 2);
    await until(
      async () =>
        (
          await app.db.query('SELECT FROM mail WHERE attempts > 0 AND lease IS NULL AND state = $1', [
            'pending',
          ])
        ).rowCount === 2,
    );
    await app.db.query(
      `UPDATE mail m SET useful_until = now() FROM app_user u WHERE u.id = m.user_id AND u.email = $1`,
      [addresses[0]],
    );
    await app.db.query(
      `UPDATE app_user SET email = NULL, name = NULL, password_hash = NULL, email_verified_at = NULL, deleted_at = now()
       WHERE email = $1`,
      [addresses[1]],
    );
    smtp.envelope = () => 'take';
    await settled();
    const { failed, dropped } = await states();
    assert.deepEqual([failed, dropped, smtp.received.length], [1, 1, before]);
  });

  test('holds up no shutdown, and is sent by whoever comes next', async () => {
    smtp.content = () => new Promise(() => {});
    const first = await startApp({
      mail: { smtpUrl: smtp.url, timeoutMs: 60_000 },
      logLevel: 'silent',
      database: app.config.database,
    });
    const connections = smtp.connections;
    await ask(12);
    await until(() => smtp.connections > connections);
    const start = performance.now();
    await first.close();
    const took = performance.now() - start;
    assert.ok(took < 30_000, `closing took ${took} ms`);
    smtp.content = () => 'take';
    await settled();
    assert.equal((await states()).pending, undefined);
  });

  test('makes nothing of what people write: neither markup nor links', () => {
    const { text, html, subject } = compose(
      {
        locale: 'de',
        to: 'ada@example.org',
        name: '<b>Ada</b> http://evil.example',
        subject: 'Finale\r\nBcc: everyone@example.org',
        picture: 'https://example.org/i?width=992&type=jpeg"><b>',
        paragraphs: ['Siehe www.evil.example & "mehr"'],
        details: [['Summe', '12.50 €']],
        button: { url: 'https://example.org/x?a=1&b="2"', label: 'Ansehen' },
      },
      {
        name: 'Haus <i>am</i> See',
        accent: '#8b1e3f',
        logo: 'https://a.example/logo?v="1"',
        links: [{ text: 'Impressum', url: 'https://a.example/imprint' }],
      },
    );
    assert.doesNotMatch(subject, /[\r\n]/);
    assert.doesNotMatch(html, /<b>|evil\.example|http:\/\/evil/);
    assert.doesNotMatch(text, /evil\.example|http:\/\/evil/);
    assert.match(html, /href="https:\/\/example\.org\/x\?a=1&amp;b=&quot;2&quot;"/);
    assert.match(text, /\n-- \nHaus <i>am<\/i> See\nImpressum: https:\/\/a\.example\/imprint\n$/);
    assert.match(html, /background:#8b1e3f;color:#ffffff/);
    assert.match(html, />Haus &lt;i&gt;am&lt;\/i&gt; See · <a href="https:\/\/a\.example\/imprint"/);
    assert.match(
      html,
      /<img src="https:\/\/example\.org\/i\?width=992&amp;type=jpeg&quot;&gt;&lt;b&gt;" alt=""/,
    );
    assert.match(text, /Summe: 12\.50 €/);
    assert.equal(inert('Am 25.11. um 19.30 Uhr, St. Pauli'), 'Am 25.11. um 19.30 Uhr, St. Pauli');
  });

  test('knows languages, sums, refusals and pauses', () => {
    assert.deepEqual(
      ['de', 'fr', undefined, 'en-GB,de', 'de;q=0.1, en;q=0.2', 'en;q=0, de', ';;,q=,'].map(localeOf),
      ['de', 'en', 'en', 'en', 'en', 'de', 'en'],
    );
    assert.equal(formatMoney(123456, 'EUR', 'de').replace(/\s/g, ' '), '1.234,56 €');
    assert.equal(formatMoney(5000, 'JPY', 'en'), 'JP¥5,000');
    assert.equal(isRefusal({ responseCode: 550, command: 'RCPT TO' }), true);
    assert.equal(isRefusal({ responseCode: 450, command: 'RCPT TO' }), false);
    assert.equal(isRefusal({ responseCode: 535, command: 'AUTH PLAIN' }), false);
    assert.equal(isRefusal({}), false);
    assert.equal(pauseAfter(12), undefined);
  });
});

describe('mail in production without an SMTP server', () => {
  test('is neither kept nor shown, and the operator is told', async () => {
    const app = await startApp({ env: 'production', mail: { devReaders: 'off' }, logLevel: 'silent' });
    try {
      assert.equal((await app.client().post('/auth/register', REGISTRATION)).status, 201);
      assert.equal((await app.client().get('//dev/mail')).status, 404);
      assert.equal((await app.client().get('//dev/mail.json')).status, 404);
      await until(
        async () =>
          (await app.db.query(`SELECT FROM mail WHERE last_error = 'SMTP_URL is not set'`)).rowCount === 1,
      );
      assert.equal((await app.db.query('SELECT FROM dev_mail')).rowCount, 0);
    } finally {
      await app.close();
    }
  });
});
