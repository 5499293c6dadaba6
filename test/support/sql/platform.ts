import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { type Check, SqlSale } from './sale.js';

const APPEND_ONLY = '23001';

/** A version 7 id of that moment. */
function idAt(time: string): string {
  const hex = Date.parse(time).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7${randomUUID().slice(15)}`;
}

async function addFact(sale: SqlSale, stream: string): Promise<void> {
  await sale.rows(
    `INSERT INTO fact (event_id, stream, stream_id, version, type, data) VALUES ($1, 'event', $2, 1, 'event.x', '{"a": 1}')`,
    [sale.event, stream],
  );
}

const tableOf = async (sale: SqlSale, stream: string): Promise<string> =>
  (
    await sale.one<{ name: string }>(
      'SELECT tableoid::regclass::text AS name FROM fact WHERE stream_id = $1',
      [stream],
    )
  ).name;

const value = async <T>(sale: SqlSale, sql: string, values: unknown[] = []): Promise<T> =>
  (await sale.one<{ value: T }>(`SELECT ${sql} AS value`, values)).value;

/** Below the sale: what events, facts and searches rest on. */
export const platformChecks: Check[] = [
  {
    name: 'words are compared without case, accents, ligatures, forms of width and what cannot be seen',
    async run(sale) {
      const folded = {
        Straße: 'strasse',
        Œuvre: 'oeuvre',
        Ærø: 'aero',
        İstanbul: 'istanbul',
        Łódź: 'lodz',
        Þór: 'thor',
        'Đorđe Ħal ŧ': 'dorde hal t',
        οδός: 'οδοσ',
        ＡＢ１: 'ab1',
        'a\u00adb\u200bc': 'abc',
        'e\u0301': 'e',
      };
      for (const [given, expected] of Object.entries(folded))
        assert.equal(await value(sale, 'search_fold_v2($1)', [given]), expected);
      assert.equal(await value(sale, 'search_words_v2($1)', [' AC / DC—live! ']), 'ac dc live');
      const tokens = async (text: string, joined: boolean) =>
        (
          await sale.rows<{ token: string; unspaced: boolean }>(
            'SELECT token, unspaced FROM search_tokens_v2($1, $2) ORDER BY no',
            [text, joined],
          )
        ).map(({ token, unspaced }) => token + (unspaced ? '*' : ''));
      assert.deepEqual(await tokens('AC/DC live', false), ['ac', 'dc', 'live']);
      assert.deepEqual(await tokens('AC/DC live', true), ['acdc', 'live']);
      assert.deepEqual(await tokens('in 東京都 now', false), ['in', '東京*', '京都*', '都*', 'now']);
      assert.deepEqual(await tokens('x'.repeat(120), false), ['x'.repeat(100)]);
    },
  },
  {
    name: 'a search finds words as they are typed, whole ones in descriptions, and phrases within one field',
    async run(sale) {
      const found = (
        query: string,
        fields = ['AC/DC Cup Final', 'Concert Big Hall', 'With handball and 東京都'],
      ) => value<boolean>(sale, `event_search_v2($1, $2, $3) @@ (${query})`, fields);
      const words = (text: string) => found(`search_query_v2('${text}')`);
      for (const text of ['fin', 'cup fin', 'acd', 'ac dc', 'big con', 'handball', '京都', 'FINÁL'])
        assert.equal(await words(text), true, text);
      for (const text of ['inal', 'hand', 'cup opera', 'handball opera'])
        assert.equal(await words(text), false, text);
      // As the beginning of a word without spaces, beside words that are only found apart.
      const mixed = ['x', 'y', 'ac dc 京都'];
      assert.equal(await found(`search_query_v2('AC/DC 京')`, mixed), true);
      // As one word where it is two in what was typed.
      assert.equal(await found(`search_query_v2('AC/DC 京')`, ['ACDC', 'y', '京都']), true);
      const phrase = (text: string) => found(`search_phrase_v2('${text}')`);
      for (const text of ['cup final', 'dc cup', 'AC/DC cup', 'big hall', '東京'])
        assert.equal(await phrase(text), true, text);
      for (const text of ['final cup', 'cup fin', 'final concert', 'hall with', 'ac cup'])
        assert.equal(await phrase(text), false, text);
    },
  },
  {
    name: 'the list of events follows the venue, also when another release writes it',
    async run(sale) {
      const elsewhere = await new SqlSale(sale.db).open();
      for (const { event } of [sale, elsewhere])
        await sale.rows(
          `INSERT INTO event_listing (event_id, venue_name, city, country, search) VALUES ($1, 'Hall', 'Graz', 'AT', '')`,
          [event],
        );
      const listing = ({ event } = sale) =>
        sale.one<{
          name: string;
          city: string;
          country: string;
          old: boolean;
          renamed: boolean;
          title: boolean;
        }>(
          `SELECT venue_name AS name, city, country, search @@ search_query_v2('graz') AS old,
                  search @@ search_query_v2('arena') AS renamed, search @@ search_query_v2('show') AS title
           FROM event_listing WHERE event_id = $1`,
          [event],
        );
      const before = { name: 'Hall', city: 'Graz', country: 'AT', old: true, renamed: false, title: true };
      assert.deepEqual(await listing(), before);
      await sale.rows(
        `UPDATE venue SET name = 'Arena', city = 'Wien', country = 'DE'
         WHERE id = (SELECT venue_id FROM event WHERE id = $1)`,
        [sale.event],
      );
      assert.deepEqual(await listing(), {
        name: 'Arena',
        city: 'Wien',
        country: 'DE',
        old: false,
        renamed: true,
        title: true,
      });
      assert.deepEqual(await listing(elsewhere), before);
    },
  },
  {
    name: 'the feed row of an event follows it',
    async run(sale) {
      const row = () =>
        sale.one(
          `SELECT i.status, i.sale_from = e.sale_starts_at AS begins, i.sale_from = '-infinity' AS open, i.sale_until = e.sale_ends_at AS until,
                  i.sale_until = e.ends_at AS unbound, i.ends_at = e.ends_at AS ends, i.max_per_booking AS most,
                  i.max_per_buyer AS buyer, i.hold_seconds AS seconds
           FROM inventory i JOIN event e ON e.id = i.event_id WHERE e.id = $1`,
          [sale.event],
        );
      await sale.rows(
        `UPDATE event SET sale_starts_at = sale_starts_at - interval '1 h', sale_ends_at = sale_ends_at + interval '1 h',
           ends_at = ends_at + interval '1 h', max_seats_per_booking = 5, max_seats_per_buyer = 7, hold_seconds = 90 WHERE id = $1`,
        [sale.event],
      );
      const bound = { begins: true, open: false, until: true, unbound: false };
      const rest = { status: 'published', ends: true, most: 5, buyer: 7, seconds: 90 };
      assert.deepEqual(await row(), { ...rest, ...bound });
      await sale.rows(
        `UPDATE event SET sale_starts_at = NULL, sale_ends_at = NULL, max_seats_per_buyer = NULL, status = 'completed' WHERE id = $1`,
        [sale.event],
      );
      assert.deepEqual(await row(), {
        ...rest,
        status: 'completed',
        buyer: null,
        begins: null,
        open: true,
        until: null,
        unbound: true,
      });
    },
  },
  {
    name: 'the refund policy that was agreed can be found by its time, once the event is published',
    async run(sale) {
      const past = () =>
        sale.rows<{ percent: number; now: boolean }>(
          `SELECT (policy ->> 'partialPercent')::int AS percent, until BETWEEN now() AND clock_timestamp() AS now
           FROM past_refund_policy WHERE event_id = $1 ORDER BY until`,
          [sale.event],
        );
      const set = (percent: number) =>
        sale.rows(
          `UPDATE event SET refund_policy = refund_policy || jsonb_build_object('partialPercent', $2::int) WHERE id = $1`,
          [sale.event, percent],
        );
      await set(10);
      await set(10);
      await set(20);
      assert.deepEqual(await past(), [
        { percent: 0, now: true },
        { percent: 10, now: true },
      ]);
    },
  },
  {
    name: 'facts, acts and plans are never changed or removed',
    async run(sale) {
      await addFact(sale, sale.event);
      await sale.rows(`INSERT INTO act (id, role, action, said) VALUES ($1, 'admin', 'POST /x', '{}')`, [
        sale.event,
      ]);
      await sale.refuses(`UPDATE fact SET data = '{}' WHERE stream_id = '${sale.event}'`, APPEND_ONLY);
      await sale.refuses(`DELETE FROM fact WHERE stream_id = '${sale.event}'`, APPEND_ONLY);
      const table = await tableOf(sale, sale.event);
      await sale.refuses(`DELETE FROM ${table} WHERE stream_id = '${sale.event}'`, APPEND_ONLY);
      await sale.refuses(`UPDATE act SET role = 'user'`, APPEND_ONLY);
      await sale.refuses('DELETE FROM act', APPEND_ONLY);
      await sale.refuses(`UPDATE seating_plan SET name = 'Other'`, APPEND_ONLY);
    },
  },
  {
    name: 'the digest of a fact covers what it says, and the hash of a seal all digests in their order',
    async run(sale) {
      const digest = async () =>
        value<Buffer>(sale, '(SELECT fact_digest(f) FROM fact f WHERE f.stream_id = $1)', [sale.event]);
      await addFact(sale, sale.event);
      const { row } = await sale.one<{ row: string }>(
        `SELECT jsonb_build_array(pos, event_id, stream, stream_id, version, type, data, actor, correlation_id,
           extract(epoch FROM occurred_at))::text AS row FROM fact WHERE stream_id = $1`,
        [sale.event],
      );
      assert.deepEqual(await digest(), createHash('sha256').update(row).digest());
      await sale.rows(`SET LOCAL timezone = 'Asia/Tokyo'`);
      assert.deepEqual(await digest(), createHash('sha256').update(row).digest());
      const [previous, one, two] = [Buffer.from('previous'), Buffer.from('1'), Buffer.from('22')];
      const number = Buffer.alloc(8);
      number.writeBigInt64BE(7n);
      assert.deepEqual(
        await value(sale, 'fact_seal_hash($1, 7, $2)', [previous, [two, one]]),
        createHash('sha256')
          .update(Buffer.concat([previous, number, two, one]))
          .digest(),
      );
    },
  },
  {
    name: 'partitions are made by quarters, once each, and guard their facts',
    async run(sale) {
      const next = (at: string) => value<Date>(sale, 'partition_next_v1($1)', [at]);
      assert.deepEqual(await next('2041-05-15T12:00:00Z'), new Date('2041-07-01T00:00:00Z'));
      assert.deepEqual(await next('2041-06-30T23:59:59Z'), new Date('2041-07-01T00:00:00Z'));
      assert.deepEqual(await next('2041-07-01T00:00:00Z'), new Date('2041-10-01T00:00:00Z'));
      await sale.rows(`SET LOCAL timezone = 'Asia/Tokyo'`);
      assert.deepEqual(await next('2041-06-30T20:00:00Z'), new Date('2041-07-01T00:00:00Z'));
      const lowest = await value<string>(sale, 'uuid_at_v1($1)', ['2041-07-01T00:00:00.123Z']);
      assert.equal(lowest, `${idAt('2041-07-01T00:00:00.123Z').slice(0, 13)}-0000-0000-000000000000`);

      const make = (quarter: string) =>
        value<boolean>(sale, `partition_make_v1('fact', 'stream_id', $1)`, [quarter]);
      assert.equal(await make('2041-07-01T00:00:00Z'), true);
      assert.equal(await make('2041-07-01T00:00:00Z'), false);
      const ids = ['2041-07-01T00:00:00.000Z', '2041-09-30T23:59:59.999Z'].map(idAt);
      for (const id of ids) {
        await addFact(sale, id);
        assert.equal(await tableOf(sale, id), 'fact_2041q3');
      }
      await sale.refuses(`UPDATE fact_2041q3 SET data = '{}'`, APPEND_ONLY);
      const late = idAt('2041-10-01T00:00:00.000Z');
      await addFact(sale, late);
      assert.equal(await tableOf(sale, late), 'fact_other');
      assert.equal(await make('2041-10-01T00:00:00Z'), false, 'its facts came before it');
      assert.equal(await make('2042-01-01T00:00:00Z'), true);
    },
  },
  {
    name: 'partitions of the coming quarters are made ahead, of facts and of the feed',
    async run(sale) {
      const ahead = (quarters: number) => value<number>(sale, 'partitions_ahead_v1($1)', [quarters]);
      await ahead(12);
      assert.equal(await ahead(12), 0);
      assert.equal(await ahead(14), 4);
      assert.equal(await ahead(14), 0);
    },
  },
  {
    name: 'what came to the default partition is sorted into quarters, but what is of no time near',
    async run(sale) {
      const [soon, far] = [
        new Date(Date.now() + 200 * 86_400_000),
        new Date(Date.now() + 800 * 86_400_000),
      ].map((time) => idAt(time.toISOString())) as [string, string];
      await sale.rows(`DO $$ DECLARE name text; BEGIN
        FOR name IN SELECT inhrelid::regclass::text FROM pg_inherits
                    WHERE inhparent = 'fact'::regclass AND inhrelid::regclass::text ~ 'fact_\\d' LOOP
          EXECUTE 'DROP TABLE ' || name; END LOOP; END $$`);
      for (const id of [soon, far]) {
        await addFact(sale, id);
        assert.equal(await tableOf(sale, id), 'fact_other');
      }
      const inOther = await value<number>(sale, '(SELECT count(*)::int FROM fact_other)');
      assert.equal(Number(await value(sale, `partition_sort_v1('fact')`)), inOther);
      assert.match(await tableOf(sale, soon), /^fact_\d{4}q\d$/);
      assert.equal(await tableOf(sale, far), 'fact_other');
      await sale.refuses('DELETE FROM fact_other', APPEND_ONLY);
      assert.equal(await value(sale, `to_regclass('fact_left')`), null);
    },
  },
  {
    name: 'a zone that the server does not know counts as UTC',
    async run(sale) {
      assert.equal(await value(sale, `zone_or_utc_v1('Europe/Vienna')`), 'Europe/Vienna');
      assert.equal(await value(sale, `zone_or_utc_v1('Nowhere/Town')`), 'UTC');
    },
  },
];
