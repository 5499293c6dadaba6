import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { io, type Socket } from 'socket.io-client';
import { startApp, type TestApp } from '../../support/app.js';
import { note } from '../../support/note.js';
import type { Person } from '../../support/people.js';
import { until } from '../../support/until.js';

describe('who has an open socket is told that their rights are others', () => {
  let app: TestApp;
  /** A replica on the same database, without Redis. */
  let other: TestApp;
  let owner: Person;
  let member: Person;
  let stranger: Person;
  const open: Socket[] = [];

  beforeAll(async () => {
    app = await startApp();
    other = await startApp({ database: app.config.database });
    [owner] = await app.people(1, 'organizer');
    [member, stranger] = await app.people(2);
  });
  afterAll(async () => {
    for (const socket of open) socket.close();
    await other.close();
    await app.close();
  });

  const told = async ({ url }: TestApp, { token }: Person): Promise<object[]> => {
    const socket = io(`${url}/live`, { transports: ['websocket'], auth: { token }, forceNew: true });
    open.push(socket);
    const heard: object[] = [];
    socket.on('rights.changed', (message) => heard.push(message));
    await new Promise<void>((connected) => socket.on('connect', connected));
    return heard;
  };

  test('once for each change, on every replica within a second, and nobody else', async () => {
    const [here, there, others] = await Promise.all([
      told(app, member),
      told(other, member),
      told(other, stranger),
    ]);
    const message = { organisationId: owner.id };
    const path = `/organisations/${owner.id}/members/${member.id}`;
    const invited = await owner.client.post(`/organisations/${owner.id}/invitations`, {
      email: 'door@example.org',
      permissions: ['door'],
    });
    assert.equal(invited.status, 201);
    let link: string | undefined;
    await until(async () => {
      const { body } = await app.client().get('//dev/mail.json?to=door%40example.org');
      link = /invitation\?token=(\S+)/.exec(body[0]?.text)?.[1];
      return link !== undefined;
    });
    const changes = [
      () => member.client.post('/invitations/accept', { token: link }),
      () => owner.client.put(path, { permissions: ['door', 'money'] }),
      () => owner.client.put(path, { permissions: [] }),
      () => owner.client.post(`/organisations/${owner.id}/ownership`, { userId: member.id }),
      () => member.client.post(`/organisations/${owner.id}/ownership/accept`),
    ];
    const waits: number[] = [];
    for (const [i, change] of changes.entries()) {
      const { status, body } = await change();
      assert.ok(status < 300, JSON.stringify(body));
      const from = performance.now();
      await until(() => here.length === i + 1 && there.length === i + 1);
      waits.push(performance.now() - from);
    }
    const left = await member.client.post(`/organisations/${owner.id}/leave`);
    assert.equal(left.status, 204, JSON.stringify(left.body));
    await until(() => there.length === changes.length + 1);
    // Two more looks at what has changed lately, which finds the same again.
    await new Promise((looked) => setTimeout(looked, 1_200));
    const all = Array(changes.length + 1).fill(message);
    assert.deepEqual([here, there], [all, all]);
    assert.deepEqual(others, []);
    note(`Told on the other replica after ${Math.round(Math.max(...waits))} ms at most`);
  });
});
