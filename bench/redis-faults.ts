import { setTimeout as sleep } from 'node:timers/promises';
import { createTestDatabase } from '../test/support/database.js';
import type { RedisServer } from '../test/support/redis.js';
import { TcpProxy } from '../test/support/tcp-proxy.js';
import { type AppChild, holdRequest, idOf, startAppChild } from './app-child.js';
import { Hall } from './hall.js';
import { withOwnRedis } from './own-redis.js';
import { type Gate, interleave, type Options, type Scenario } from './scenario.js';
import { openLoop } from './sender.js';
import { spread } from './stats.js';

const BUYERS = 64;
/** Requests a second, far from the limit: faults are looked for, not queues. */
const RATE = 300;
const HOT_SEAT = 49_999;

export const redisFaults: Scenario = {
  name: 'redis-faults',
  title: 'Holds while Redis is frozen, killed, flushed or slow',
  run,
};

function run(options: Options): Promise<Gate[]> {
  return withOwnRedis(options, (server) => measure(server, options));
}

async function measure(server: RedisServer, options: Options): Promise<Gate[]> {
  const network = await TcpProxy.before(server.url);
  const database = await createTestDatabase();
  const plain = await startAppChild({}, database);
  const fenced = await startAppChild(
    { redis: { url: network.through(server.url), timeoutMs: 10 } },
    database,
  );
  try {
    return await compare({ plain, fenced, server, network }, options);
  } finally {
    await fenced.stop().catch(() => {});
    await plain.stop().catch(() => {});
    await network.close();
  }
}

interface Setup {
  readonly plain: AppChild;
  readonly fenced: AppChild;
  readonly server: RedisServer;
  readonly network: TcpProxy;
}

async function compare({ plain, fenced, server, network }: Setup, options: Options): Promise<Gate[]> {
  const { rounds, quick, note } = options;
  const hall = await Hall.build(plain.url, plain.db, 500, 100);
  const tokens = await plain.tokens(BUYERS);
  const seconds = quick ? 2 : 6;

  /** p99 of holds of fresh seats and of one that is taken, turn about; the fault comes after a third of the time. */
  const load = async (app: AppChild, fault: () => unknown, mend: () => unknown): Promise<number> => {
    const eventId = await hall.sell();
    const make = (n: number, own: number) => holdRequest(`/events/${eventId}/holds`, tokens[own]!, n);
    const held: string[] = [];
    const keep = ({ status, body }: { status: number; body: Buffer }) =>
      status === 201 && held.push(idOf(body));
    const send = (from: number, time: number) =>
      openLoop(
        app.url,
        { connections: BUYERS, rate: RATE, seconds: time },
        (i, own) => make(i % 2 ? HOT_SEAT : from + i, own),
        keep,
      );
    await send(0, 1);
    const breaking = sleep((seconds / 3) * 1000).then(fault);
    const { statuses, times } = await send(10_000, seconds);
    await breaking;
    await mend();
    await app.audit(eventId, held);
    const strange = Object.keys(statuses).filter((status) => status !== '201' && status !== '409');
    if (strange.length > 0) throw new Error(`Answers other than 201 and 409: ${JSON.stringify(statuses)}`);
    // Until the breaker has let it back in.
    await sleep(1_000);
    return spread(Object.values(times).flat()).p99;
  };
  const nothing = () => {};
  const figures = await interleave(rounds, {
    without: () => load(plain, nothing, nothing),
    healthy: () => load(fenced, nothing, nothing),
    frozen: () =>
      load(
        fenced,
        () => server.signal('SIGSTOP'),
        () => server.signal('SIGCONT'),
      ),
    killed: () =>
      load(
        fenced,
        () => server.stop(),
        () => server.resume(),
      ),
    flushed: () => load(fenced, () => server.command((redis) => redis.flushall()), nothing),
    slow: () =>
      load(
        fenced,
        () => network.delay(10),
        () => network.pass(),
      ),
    lost: () =>
      load(
        fenced,
        () => network.freeze(),
        () => network.pass(),
      ),
  });
  note(
    `${RATE} requests a second at a constant rate, half of them for a seat that is taken; slow: 20 ms there and back`,
  );
  const gate = (state: keyof typeof figures, against: 'healthy' | 'without', words: string): Gate => ({
    path: `holds and refusals over HTTP, p99, Redis ${state}`,
    against: words,
    unit: 'ms',
    ours: figures[state],
    baseline: figures[against],
    bound: { atMost: 2 },
  });
  return (['frozen', 'killed', 'flushed', 'slow', 'lost'] as const)
    .map((state) => gate(state, 'healthy', 'the same with Redis well'))
    .concat(
      (['healthy', 'frozen', 'killed', 'slow'] as const).map((state) =>
        gate(state, 'without', 'the same without Redis'),
      ),
    );
}
