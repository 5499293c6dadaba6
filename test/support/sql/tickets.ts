import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Check, SqlSale } from './sale.js';

async function issue(sale: SqlSale, seats: number[]) {
  const sold = await sale.sell(seats.map((n) => ({ n })));
  const tickets = [];
  for (const item of sold.items) {
    const id = randomUUID();
    await sale.rows(
      'INSERT INTO ticket (event_id, id, booking_id, item_id, code, holder_id) VALUES ($1, $2, $3, $4, $5, $6)',
      [sale.event, id, sold.id, item, id.slice(-9), sold.user],
    );
    tickets.push({ id, item, code: id.slice(-9) });
  }
  return { ...sold, tickets };
}

const scan = (
  sale: SqlSale,
  ticket: { id?: string; generation?: number; code?: string },
  { enter = true, key = null as string | null, actor = sale.organizer } = {},
) =>
  sale.call(
    'ticket_scan_v1',
    sale.event,
    ticket.id ?? null,
    ticket.generation ?? null,
    ticket.code ?? null,
    enter,
    'north',
    actor,
    key,
    'scan',
    key ? Buffer.from('aa', 'hex') : null,
    'corr',
  );

export const ticketChecks: Check[] = [
  {
    name: 'a ticket is let in once, by token or code, and taken back',
    async run(sale) {
      const { tickets } = await issue(sale, [0, 1]);
      const [a, b] = tickets as [(typeof tickets)[0], (typeof tickets)[0]];
      const first = await sale.expects(scan(sale, { id: a.id, generation: 1 }, { key: 'k' }), 'ok');
      assert.deepEqual(
        [(first.answer as { n: number }).n, (first.answer as { gate: string }).gate],
        [0, 'north'],
      );
      const again = await scan(sale, { id: a.id, generation: 1 }, { key: 'k' });
      assert.deepEqual([again.outcome, again.status, again.answer], ['replay', 200, first.answer]);
      const twice = await scan(sale, { id: a.id, generation: 1 }, { key: 'l' });
      assert.deepEqual([twice.outcome, twice.gate], ['already_checked_in', 'north']);
      assert.ok(twice.at);
      assert.equal((await scan(sale, { id: a.id, generation: 1 }, { key: 'k' })).outcome, 'replay');
      await sale.expects(scan(sale, { id: a.id, generation: 1 }, { enter: false, key: 'l' }), 'ok');
      await sale.expects(scan(sale, { id: a.id, generation: 1 }, { enter: false }), 'not_checked_in');
      const row = await sale.one('SELECT checked_in_at, gate, version FROM ticket WHERE id = $1', [a.id]);
      assert.deepEqual(row, { checked_in_at: null, gate: null, version: 3 });
      assert.deepEqual(
        (await sale.facts(a.id)).map(({ type, version }) => [type, version]),
        [
          ['ticket.checked_in', 2],
          ['ticket.check_in_undone', 3],
        ],
      );
      const other = await sale.expects(scan(sale, { code: b.code }, { key: 'm' }), 'ok');
      assert.deepEqual([(other.answer as { id: string }).id, (other.answer as { n: number }).n], [b.id, 1]);
      assert.deepEqual((await scan(sale, { id: a.id, generation: 1 }, { key: 'k' })).answer, first.answer);
      await sale.expects(scan(sale, { code: 'nothing' }), 'ticket_unknown');
      await sale.expects(scan(sale, { id: randomUUID(), generation: 1 }), 'ticket_unknown');
    },
  },
  {
    name: 'a ticket that was handed on, given back or whose event is off lets nobody in',
    async run(sale) {
      const { id, tickets } = await issue(sale, [0, 1]);
      const [a, b] = tickets as [(typeof tickets)[0], (typeof tickets)[0]];
      await sale.rows('UPDATE ticket SET generation = 2 WHERE id = $1', [a.id]);
      const { code } = await sale.one<{ code: string }>('SELECT code FROM ticket WHERE id = $1', [a.id]);
      assert.match(code, /^[2-9B-Z]{4}-[2-9B-Z]{4}$/);
      assert.deepEqual(
        await sale.rows('SELECT code, generation FROM ticket_past_code WHERE ticket_id = $1', [a.id]),
        [{ code: a.code, generation: 1 }],
      );
      await sale.expects(scan(sale, { id: a.id, generation: 1 }), 'ticket_transferred');
      await sale.expects(scan(sale, { code: a.code }), 'ticket_transferred');
      await sale.expects(scan(sale, { code: 'nothing' }), 'ticket_unknown');
      await sale.expects(scan(sale, { code }), 'ok');
      await sale.expects(sale.change(id, 'cancel', { items: [b.item] }), 'ok');
      await sale.expects(scan(sale, { id: b.id, generation: 1 }), 'ticket_cancelled');
      await sale.rows(`UPDATE event SET status = 'cancelled', cancelled_at = now() WHERE id = $1`, [
        sale.event,
      ]);
      await sale.expects(scan(sale, { id: a.id, generation: 2 }, { enter: false }), 'event_cancelled');
    },
  },
  {
    name: 'tickets are given back by who has them, unless they were used',
    async run(sale) {
      const { id, user, items, tickets } = await issue(sale, [0, 1, 2]);
      const take = async (given: string[], holder: string | null) =>
        (
          await sale.one<{ said: string }>('SELECT tickets_take_v2($1, $2, $3, $4) AS said', [
            sale.event,
            id,
            given,
            holder,
          ])
        ).said;
      assert.equal(await take(items, user), 'ok');
      await sale.rows('UPDATE ticket SET holder_id = $2 WHERE id = $1', [tickets[0]!.id, randomUUID()]);
      assert.equal(await take(items, user), 'ticket_transferred');
      assert.equal(await take(items.slice(1), user), 'ok');
      assert.equal(await take(items, null), 'ok');
      await scan(sale, { id: tickets[1]!.id, generation: 1 });
      assert.equal(await take(items, user), 'ticket_transferred');
      assert.equal(await take(items, null), 'ticket_used');
      assert.equal(await take(items.slice(1), user), 'ticket_used');
      assert.equal(await take(items.slice(2), user), 'ok');
    },
  },
  {
    name: 'codes have eight letters that nobody mistakes, each as often as others; a ticket that is handed on gets a new one',
    async run(sale) {
      const codes = (
        await sale.rows<{ code: string }>('SELECT ticket_code_v1() AS code FROM generate_series(1, 2000)')
      ).map(({ code }) => code);
      assert.equal(new Set(codes).size, codes.length);
      for (const code of codes) assert.match(code, /^[2-9BCDFGHJ-NP-TV-XZ]{4}-[2-9BCDFGHJ-NP-TV-XZ]{4}$/);
      const letters = Map.groupBy([...codes.join('').replaceAll('-', '')], (letter) => letter);
      const times = [...letters.values()].map(({ length }) => length);
      assert.equal(times.length, 28);
      assert.ok(Math.min(...times) > 430 && Math.max(...times) < 720, `${times}`);

      const { tickets } = await issue(sale, [0, 1]);
      const { id, code } = tickets[0]!;
      await sale.rows('UPDATE ticket SET generation = generation + 1 WHERE id = $1', [id]);
      const row = await sale.one<{ code: string; past: string; generation: number }>(
        `SELECT t.code, p.code AS past, p.generation FROM ticket t JOIN ticket_past_code p ON p.ticket_id = t.id WHERE t.id = $1`,
        [id],
      );
      assert.notEqual(row.code, code);
      assert.deepEqual([row.past, row.generation], [code, 1]);

      await sale.freeze();
      await sale.rows('CREATE SEQUENCE frozen.drawn');
      await sale.rows(
        `CREATE FUNCTION frozen.ticket_code_v1() RETURNS text LANGUAGE sql
         AS $$ SELECT (ARRAY['${tickets[1]!.code}', '${code}', 'free', 'last'])[nextval('frozen.drawn')] $$`,
      );
      const [drawn] = await sale.rows<{ code: string }>(
        'UPDATE ticket SET generation = generation + 1 WHERE id = $1 RETURNING code',
        [id],
      );
      assert.equal(drawn!.code, 'free', 'neither of another ticket nor of one before');
    },
  },
];
