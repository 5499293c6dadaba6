import { setTimeout as sleep } from 'node:timers/promises';
import { LEASE_MS, type ReplicaName, type Stand } from './stand.js';

/** Something that is killed or stopped while people buy, and what an operator does about it. */
export interface Victim {
  readonly name: string;
  /** Resolves when it is as before, or somebody else has taken its place. */
  strike(stand: Stand): Promise<void>;
}

/** Until a supervisor starts it again. */
const AWAY_MS = 1_000;
/** Longer than any lease, so that another takes over what it led. */
const STOPPED_MS = LEASE_MS + 2_000;

const the = (name: ReplicaName): string => (name === 'worker' ? 'the worker' : name);

const killed = (name: ReplicaName): Victim => ({
  name: `kill -9 of ${the(name)}`,
  async strike(stand) {
    await stand.replica(name).process.end('SIGKILL');
    await sleep(AWAY_MS);
    await stand.revive(name);
  },
});

const stopped = (name: ReplicaName): Victim => ({
  name: `SIGSTOP of ${the(name)}`,
  async strike(stand) {
    stand.replica(name).signal('SIGSTOP');
    await sleep(STOPPED_MS);
    stand.replica(name).signal('SIGCONT');
  },
});

export const VICTIMS: readonly Victim[] = [
  killed('api 1'),
  killed('worker'),
  {
    name: 'kill -9 of the primary, promotion',
    async strike({ postgres }) {
      await postgres.failOver();
      await postgres.rejoin();
    },
  },
  {
    name: 'kill -9 of Redis',
    async strike({ redis }) {
      await redis.stop('SIGKILL');
      await sleep(AWAY_MS);
      await redis.resume();
    },
  },
  {
    name: 'kill -9 of the broker',
    async strike({ rabbit }) {
      await rabbit.stop('SIGKILL');
      await sleep(AWAY_MS);
      await rabbit.resume();
    },
  },
  stopped('api 2'),
  stopped('worker'),
  {
    name: 'SIGSTOP of the primary',
    async strike({ postgres: { primary } }) {
      primary.signal('SIGSTOP');
      await sleep(STOPPED_MS);
      primary.signal('SIGCONT');
    },
  },
  {
    name: 'SIGSTOP of Redis',
    async strike({ redis }) {
      redis.signal('SIGSTOP');
      await sleep(STOPPED_MS);
      redis.signal('SIGCONT');
    },
  },
  {
    name: 'SIGSTOP of the broker',
    async strike({ rabbit }) {
      rabbit.signal('SIGSTOP');
      await sleep(STOPPED_MS);
      rabbit.signal('SIGCONT');
    },
  },
  {
    name: 'SIGSTOP of the primary, promotion, and it wakes',
    async strike({ postgres }) {
      const before = postgres.primary;
      before.signal('SIGSTOP');
      await postgres.promote();
      before.signal('SIGCONT');
      // It takes itself for the primary, and those still connected believe it.
      await sleep(AWAY_MS);
      await postgres.rejoin();
    },
  },
  killed('api 2'),
  {
    name: 'kill -9 of api 1, worker and Redis at once',
    async strike(stand) {
      const { redis } = stand;
      const names = ['api 1', 'worker'] as const;
      await Promise.all([
        redis.stop('SIGKILL'),
        ...names.map((name) => stand.replica(name).process.end('SIGKILL')),
      ]);
      await sleep(AWAY_MS);
      await Promise.all([redis.resume(), ...names.map((name) => stand.revive(name))]);
    },
  },
];
