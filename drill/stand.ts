import { setTimeout as sleep } from 'node:timers/promises';
import { Agent } from 'undici';
import { UNHEARD } from '../src/cli/lifecycle.js';
import { InvariantsService } from '../src/operations/invariants/invariants.service.js';
import { ReconciliationService } from '../src/payments/reconciliation/reconciliation.service.js';
import { SEAT } from '../src/platform/common/seat-states.js';
import { SealsService } from '../src/platform/facts/seals.service.js';
import { startApp, type TestApp } from '../test/support/app.js';
import { countAgain } from '../test/support/broker-outage.js';
import { assertExact } from '../test/support/exact.js';
import { FactConsumer } from '../test/support/fact-consumer.js';
import { openSale, plainHall, type Sale } from '../test/support/halls.js';
import type { Person } from '../test/support/people.js';
import { PostgresPair } from '../test/support/postgres-pair.js';
import { freePort } from '../test/support/process.js';
import { RabbitMq } from '../test/support/rabbitmq.js';
import { RedisServer } from '../test/support/redis.js';
import { Replica } from '../test/support/replica.js';
import { SeatWatcher } from '../test/support/seat-watcher.js';
import { TcpProxy } from '../test/support/tcp-proxy.js';
import { until } from '../test/support/until.js';
import { Heard } from './asker.js';
import { Buyers, FLOOR } from './buyers.js';
import { Ledger } from './ledger.js';
import { untruths } from './truth.js';

const ROWS = 30;
const WIDTH = 40;
/** Short, so that what is abandoned is for sale again while the drill goes on. */
const HOLD_SECONDS = 30;
export const LEASE_MS = 3_000;
const STARTS = 10;
/** It does none of the replicas' work, so that nobody's end goes unnoticed. */

export const NAMES = ['api 1', 'api 2', 'worker'] as const;
export type ReplicaName = (typeof NAMES)[number];

/**
 * All that an installation has, each a process of its own: two replicas for requests, one that works, a primary with a
 * synchronous standby, Redis and RabbitMQ, a network between them that can fail, and another system that reads facts.
 */
export class Stand {
  readonly ledger = new Ledger();
  private readonly agent = new Agent({
    connections: 256,
    connect: { timeout: 3_000 },
    headersTimeout: 15_000,
    bodyTimeout: 15_000,
  });
  private readonly replicas = new Map<ReplicaName, Replica>();
  private watchers: SeatWatcher[] = [];
  private people: readonly Person[] = [];
  private sale!: Sale;
  private small!: Sale;

  private constructor(
    readonly postgres: PostgresPair,
    readonly redis: RedisServer,
    readonly rabbit: RabbitMq,
    /** The network to each. */
    readonly lines: {
      readonly PostgreSQL: readonly TcpProxy[];
      readonly Redis: readonly TcpProxy[];
      readonly RabbitMQ: readonly TcpProxy[];
    },
    /** Sets up and proves; apart from the replicas, and it does none of their work. */
    readonly control: TestApp,
    private readonly consumer: FactConsumer,
    private readonly buyers: number,
    private readonly closers: readonly (() => Promise<unknown>)[],
  ) {}

  static async start(buyers = 24): Promise<Stand> {
    const closers: (() => Promise<unknown>)[] = [];
    const closing = <T>(made: T, close: (made: T) => Promise<unknown>): T => {
      closers.unshift(() => close(made));
      return made;
    };
    try {
      const postgres = closing(await PostgresPair.start(), (it) => it.stop());
      const redis = closing(await RedisServer.start(), (it) => it.remove());
      const rabbit = closing(await RabbitMq.start(), (it) => it.remove());
      const line = async (url: string) => closing(await TcpProxy.before(url), (it) => it.close());
      const lines = {
        PostgreSQL: [await line(postgres.primary.url()), await line(postgres.standby.url())],
        Redis: [await line(redis.url)],
        RabbitMQ: [await line(rabbit.url)],
      };
      const consumer = closing(new FactConsumer(rabbit.url, 'other-system'), (it) => it.stop());
      const control = closing(await startApp({ role: 'api', database: { url: postgres.url } }), (it) =>
        it.close(),
      );
      const stand = new Stand(postgres, redis, rabbit, lines, control, consumer, buyers, closers);
      closing(stand, (it) => it.leave());
      for (const name of NAMES) await stand.revive(name);
      await stand.openNext();
      return stand;
    } catch (error) {
      for (const close of closers) await close();
      throw error;
    }
  }

  replica(name: ReplicaName): Replica {
    return this.replicas.get(name)!;
  }

  /** Starts a replica, or one that has ended again at its address; as often as it takes, as a supervisor does. */
  async revive(name: ReplicaName): Promise<void> {
    const before = this.replicas.get(name);
    const { PostgreSQL, Redis, RabbitMQ } = this.lines;
    const { address } = this.postgres.primary;
    const hosts = PostgreSQL.map(({ port }) => `127.0.0.1:${port}`).join();
    const env = {
      PORT: before ? new URL(before.url).port : String(await freePort()),
      EVENTLY_ROLE: name === 'worker' ? 'worker' : 'api',
      DATABASE_URL: this.postgres.primary.url().replace(address, hosts),
      REDIS_URL: Redis[0]!.through(this.redis.url),
      AMQP_URL: RabbitMQ[0]!.through(this.rabbit.url),
      EVENTLY_SWEEPER: 'on',
      EVENTLY_PAYMENT_TIMEOUT_MS: '1000',
      EVENTLY_SAGA_LEASE_MS: String(LEASE_MS),
    };
    for (let tries = 1; ; tries++) {
      try {
        this.replicas.set(name, await Replica.start(this.control, env));
        return;
      } catch (error) {
        if (tries === STARTS) throw error;
      }
    }
  }

  /**
   * New events, which people buy from now on; the large one is watched at both replicas. Also new people: nobody's
   * token lives as long as a drill.
   */
  async openNext(): Promise<void> {
    this.people = await this.control.people(this.buyers);
    this.small = await openSale(this.control, plainHall(2, 4), { holdSeconds: HOLD_SECONDS });
    this.sale = await openSale(this.control, plainHall(ROWS, WIDTH, [{ name: FLOOR, capacity: 400 }]), {
      holdSeconds: HOLD_SECONDS,
    });
    for (const watcher of this.watchers) watcher.close();
    this.watchers = this.origins.map((url) => new SeatWatcher(url, this.sale.eventId));
    await Promise.all(this.watchers.map((watcher) => watcher.ready()));
  }

  /** People begin to buy. */
  open(heard: Heard): Buyers {
    const { origins, agent, people, ledger, sale, small } = this;
    return new Buyers({ origins, agent, people, ledger, heard, sale, seats: ROWS * WIDTH, small });
  }

  /**
   * Waits until nothing is under way, then looks at everything: what was told, money, seats, watchers, facts.
   * @returns one line for each thing that is wrong
   */
  async prove(heard: Heard): Promise<string[]> {
    const { control, ledger } = this;
    const wrong = [
      ...[...new Set(heard.wrong)].map((line) => this.withLog(line)),
      ...(await this.raiseTheDead()),
    ];
    const judge = (work: Promise<unknown>, what: string) =>
      work.catch((error: Error) => wrong.push(`${what}: ${error.message}`));
    await judge(this.settled(), 'not at its end');
    await judge(this.booksCompared(), 'books');
    wrong.push(...(await untruths(control.db, ledger)));
    for (const { invariant, violations, examples } of await control.nest.get(InvariantsService).run())
      if (violations > 0) wrong.push(`audit: ${invariant} ${violations} (${examples})`);
    const seals = control.nest.get(SealsService);
    await seals.seal();
    wrong.push(...(await seals.verify()).problems.map((problem) => `seals: ${problem}`));
    await judge(this.watchedExactly(), 'watcher');
    await judge(this.factsArrived(), 'facts');
    await judge(this.overdueAreForSale(), 'unsellable');
    return wrong;
  }

  async close(): Promise<void> {
    for (const close of this.closers) await close();
  }

  private async leave(): Promise<void> {
    for (const watcher of this.watchers) watcher.close();
    await this.agent.destroy();
    await Promise.all([...this.replicas.values()].map((replica) => replica.process.end('SIGKILL')));
  }

  /** An answer that should not have been, and what the replica wrote about it. */
  private withLog(line: string): string {
    const id = /"correlationId":"([^"]+)"/.exec(line)?.[1];
    const written = [...this.replicas.values()].flatMap(({ process }) => process.output.split('\n'));
    return [line, ...written.filter((entry) => id && entry.includes(id))].join('\n            ');
  }

  /** Nothing that happens to the others makes a replica end. @returns one line for each that did */
  private async raiseTheDead(): Promise<string[]> {
    const dead = NAMES.filter((name) => this.replica(name).process.hasEnded);
    const lines = dead.map(
      (name) => `${name} ended by itself:\n${this.replica(name).process.output.slice(-4_000)}`,
    );
    // The last net caught it, and in the code a listener is missing.
    const unheard = NAMES.filter((name) => this.replica(name).process.output.includes(UNHEARD));
    for (const name of dead) await this.revive(name);
    return [...lines, ...unheard.map((name) => `${name}: ${UNHEARD}`)];
  }

  private get origins(): string[] {
    return [this.replica('api 1').url, this.replica('api 2').url];
  }

  /** Every saga has come to its end by itself. */
  private async settled(): Promise<void> {
    const open = async () =>
      (await this.control.db.query('SELECT id, kind, state, reason FROM saga WHERE due_at IS NOT NULL')).rows;
    for (const end = Date.now() + 45_000; (await open()).length > 0; await sleep(100))
      if (Date.now() > end) throw new Error(JSON.stringify(await open()));
    const { rows } = await this.control.db.query(`SELECT id, kind, reason FROM saga WHERE state = 'stuck'`);
    if (rows.length > 0) throw new Error(`stuck: ${JSON.stringify(rows)}`);
  }

  /**
   * Runs now the comparison that the application makes every five minutes. It refunds a charge that reached the sandbox
   * after everybody had given it up, as when the primary stands still during the call. Any other difference is a fault.
   */
  private async booksCompared(): Promise<void> {
    const { db, nest } = this.control;
    await nest.get(ReconciliationService).compareDays(1);
    const { rows } = await db.query(
      `SELECT kind, ref, expected, found FROM payment_discrepancy WHERE status = 'open'`,
    );
    if (rows.length > 0) throw new Error(JSON.stringify(rows));
  }

  /** Checks that the other system has read all facts that were written, in order and nothing else. */
  private async factsArrived(): Promise<void> {
    const { deliveries } = this.consumer;
    const written = await this.factsWritten();
    const missing = new Set(written);
    let looked = 0;
    const allHere = () => {
      for (; looked < deliveries.length; looked++) missing.delete(deliveries[looked]!.messageId);
      return missing.size === 0;
    };
    await until(allHere, 45_000).catch(() => {
      throw new Error(`${missing.size} of ${written.size} have not arrived: ${[...missing].slice(0, 5)}`);
    });
    const seen = new Set(deliveries.map(({ messageId }) => messageId));
    const now = await this.factsWritten();
    const made = [...seen].filter((id) => !now.has(id));
    if (made.length > 0) throw new Error(`told of, and never happened: ${made.slice(0, 5)}`);
    countAgain(deliveries);
  }

  private async factsWritten(): Promise<Set<string>> {
    const { rows } = await this.control.db.query(
      `SELECT stream || ':' || stream_id || ':' || version AS id FROM fact`,
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** Holds run out at any time, also between two looks of one comparison. */
  private async watchedExactly(): Promise<void> {
    for (const watcher of this.watchers)
      for (let tries = 1; ; tries++) {
        try {
          await assertExact(this.control.db, watcher);
          break;
        } catch (error) {
          if (tries === 5) throw error;
          await sleep(500);
        }
      }
  }

  /** Seats whose time is over are sold to the next who asks, whether anybody has noticed or not. */
  private async overdueAreForSale(): Promise<void> {
    const { rows } = await this.control.db.query(
      `SELECT n FROM seat WHERE event_id = $1 AND state = ${SEAT.HELD} AND hold_until < clock_timestamp() LIMIT 5`,
      [this.sale.eventId],
    );
    const [person] = await this.control.people(1);
    for (const { n } of rows) {
      const { status, body } = await person!.client.post(`/events/${this.sale.eventId}/holds`, {
        seats: [n],
      });
      if (status !== 201) throw new Error(`seat ${n}: ${status} ${body.code}`);
      this.ledger.held(this.sale.eventId, person!.id, body);
    }
  }
}
