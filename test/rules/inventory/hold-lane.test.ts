import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, test } from '@jest/globals';
import type { HoldRequest } from '../../../src/inventory/holds/hold-batch.js';
import { HoldLane, type LanePorts } from '../../../src/inventory/holds/hold-lane.js';
import type {
  BatchResult,
  Claim,
  ClaimOutcome,
  Held,
} from '../../../src/inventory/holds/holds.repository.js';
import type { EventMemory } from '../../../src/inventory/memory/event-memory.js';
import { correlationId, runInContext } from '../../../src/platform/common/request-context.js';
import { SEAT } from '../../../src/platform/common/seat-states.js';
import { feedRow, memoryOf } from '../../support/inventory-memory.js';

const NOW = 1_000_000;

const heldBy = ({ id, code }: Claim): Held => ({
  id,
  code,
  currency: 'EUR',
  total: 0,
  expiresAt: '',
  items: [],
  replayed: false,
});
const result = (outcomes: ClaimOutcome[], conflicts: number[] = []): BatchResult => ({
  outcomes,
  conflicts: new Set(conflicts),
  seq: null,
  rows: null,
  now: null,
});
const all = (claims: readonly Claim[]): BatchResult =>
  result(claims.map((claim) => ({ held: heldBy(claim) })));
const refusedAll =
  (refused: 'seats_taken' | 'idempotency_in_flight' | 'buyer_limit_reached', conflicts: number[] = []) =>
  (claims: readonly Claim[]) =>
    result(
      claims.map(() => ({ refused })),
      conflicts,
    );
const failing = (code: string) => () => {
  throw Object.assign(new Error(code), { code });
};

type Reply = (claims: readonly Claim[]) => BatchResult;

/** A lane whose database answers as a test says: with everything that was asked for, where it says nothing. */
class Lane {
  readonly batches: (readonly Claim[])[] = [];
  readonly calls: string[] = [];
  readonly replies: Reply[] = [];
  used: (request: HoldRequest) => boolean = () => false;
  found: Map<string, Held> | undefined = new Map();
  since: number[] = [];
  private open: (() => void)[] = [];
  private count = 0;
  /** Batches wait until `release`. */
  stopped = false;
  onConfirm = (): void => {};
  onLearn = (_claims: readonly Claim[]): void => {};
  readonly lane: HoldLane;

  constructor(
    public memory: EventMemory | undefined,
    limit = 1_000,
  ) {
    const ports: LanePorts = {
      memory: () => this.memory,
      now: () => NOW,
      catchUp: async () => {
        this.calls.push('catchUp');
        this.onConfirm();
      },
      confirm: async () => {
        this.calls.push('confirm');
        this.onConfirm();
      },
      claim: async (since, claims) => {
        this.since.push(since);
        this.batches.push(claims);
        if (this.stopped) await new Promise<void>((resolve) => this.open.push(resolve));
        return (this.replies.shift() ?? all)(claims);
      },
      learn: async (_, claims) => this.onLearn(claims),
      find: async (ids) => {
        if (!this.found) throw new Error('away');
        return new Map([...this.found].filter(([id]) => ids.includes(id)));
      },
      usedKeys: async (requests) => {
        this.calls.push(`keys of ${requests.length}`);
        return new Set(requests.filter(this.used));
      },
    };
    this.lane = new HoldLane(ports, limit);
  }

  /** A request for these seats. */
  request(seats: number[], change: Partial<HoldRequest> = {}): HoldRequest {
    const id = `b${++this.count}`;
    return {
      id,
      code: `code of ${id}`,
      userId: 'u',
      key: null,
      hash: null,
      correlationId: null,
      items: seats.map((n) => ({ id: `${id} ${n}`, n, area: null })),
      wish: null,
      wishIds: Array.from({ length: change.wish?.quantity ?? 0 }, (_, i) => `${id} wish ${i}`),
      isGone: () => false,
      ...change,
    };
  }

  /** The end of a request for these seats: the booking's name, or the code of the refusal. */
  ask(seats: number[], change: Partial<HoldRequest> = {}): Promise<string> {
    return this.lane.submit(this.request(seats, change)).then(
      (held) => held.id,
      ({ code, message, details }) =>
        [code ?? message, details?.retryAfter, details?.extra?.conflicts?.join('+')]
          .filter((part) => part !== undefined)
          .join(' '),
    );
  }

  best(quantity: number, change: Partial<HoldRequest> = {}, seats: number[] = []) {
    return this.ask(seats, { wish: { quantity, together: true }, ...change });
  }

  release(): void {
    this.stopped = false;
    for (const go of this.open.splice(0)) go();
  }

  /** The seats of each claim, by batch. */
  get claimed(): (number | null)[][][] {
    return this.batches.map((claims) => claims.map(({ items }) => items.map(({ n }) => n)));
  }
}
/** A seat is booked on another replica, and free again when memory is confirmed. */
const comesAndGoes = (lane: Lane, memory: EventMemory, n: number) => {
  memory.apply([feedRow(memory.seq + 1, [[n, SEAT.BOOKED]])]);
  lane.onConfirm = () => memory.apply([feedRow(memory.seq + 1, [[n, SEAT.FREE]])]);
};
/** As the rows of a batch do that has won its seats. */
const takeAll = (memory: EventMemory, claims: readonly Claim[]) => {
  for (const { items } of claims)
    for (const { n } of items) memory.apply([feedRow(memory.seq + 1, n === null ? [] : [[n, SEAT.BOOKED]])]);
};

describe('a lane', () => {
  test('asks at once when it is free, and for all that have come meanwhile when it is free again', async () => {
    const lane = new Lane(memoryOf('00000'));
    lane.stopped = true;
    assert.equal(lane.lane.idle, true);
    const answers = [lane.ask([0]), lane.ask([1]), lane.ask([2, 3])];
    assert.deepEqual([lane.claimed, lane.lane.waiting, lane.lane.idle], [[[[0]]], 2, false]);
    lane.release();
    assert.deepEqual(await Promise.all(answers), ['b1', 'b2', 'b3']);
    assert.deepEqual(lane.claimed, [[[0]], [[1], [2, 3]]]);
    assert.deepEqual(lane.since, [10, 10]);
    assert.deepEqual([lane.lane.waiting, lane.lane.idle, lane.calls], [0, true, []]);
  });

  test('asks without memory too, from the beginning of the feed', async () => {
    const lane = new Lane(undefined);
    assert.equal(await lane.ask([0]), 'b1');
    assert.deepEqual(lane.since, [0]);
    assert.equal(await lane.best(2), 'b2');
    assert.deepEqual(lane.claimed[1], [[null, null]], 'the database picks');
  });

  test('takes 256 requests at a time', async () => {
    const lane = new Lane(memoryOf('0'.repeat(300)));
    lane.stopped = true;
    const answers = Array.from({ length: 300 }, (_, n) => lane.ask([n]));
    lane.release();
    await Promise.all(answers);
    assert.deepEqual(
      lane.batches.map(({ length }) => length),
      [1, 256, 43],
    );
  });

  test('refuses more than its limit, those that are being confirmed included', async () => {
    const lane = new Lane(memoryOf('02'), 2);
    lane.stopped = true;
    const answers = [lane.ask([0]), lane.ask([1]), lane.ask([1]), lane.ask([1])];
    assert.equal(await answers[3], 'overloaded 1');
    lane.release();
    await Promise.all(answers);
    const other = new Lane(memoryOf('2'), 2);
    assert.deepEqual(await Promise.all([other.ask([0]), other.ask([0]), other.ask([0])]), [
      'seats_taken 0',
      'seats_taken 0',
      'overloaded 1',
    ]);
  });

  test('is not idle while something is being confirmed', async () => {
    const lane = new Lane(memoryOf('2'));
    const answer = lane.ask([0]);
    assert.deepEqual([lane.batches, lane.lane.waiting, lane.lane.idle], [[], 1, false]);
    assert.equal(await answer, 'seats_taken 0');
    assert.equal(lane.lane.idle, true);
  });

  test('sends one batch at a time, also when a confirmation ends during one', async () => {
    const lane = new Lane(memoryOf('002'));
    lane.stopped = true;
    const answers = [lane.ask([0]), lane.ask([2])];
    lane.release();
    lane.stopped = true;
    answers.push(lane.ask([1]));
    assert.deepEqual(await Promise.all(answers.slice(0, 2)), ['b1', 'seats_taken 2']);
    answers.push(lane.ask([0]));
    await turn();
    assert.deepEqual(lane.claimed, [[[0]], [[1]]]);
    lane.release();
    assert.deepEqual(await Promise.all(answers), ['b1', 'seats_taken 2', 'b3', 'b4']);
  });

  test('says in every refusal why, and what to do', async () => {
    const lane = new Lane(memoryOf('0202'), 3);
    lane.replies.push(failing('ECONNRESET'));
    const texts = [
      'The connection to the database was lost (ECONNRESET). Look at your bookings, or retry with the same Idempotency-Key.',
      'Taken: seat 1, 3. Read the seat map again and choose others.',
      'Too many holds are waiting for this event.',
    ];
    const requests = [[0], [1, 3], [2], [2], [2]].map((seats) => lane.lane.submit(lane.request(seats)));
    const ends = await Promise.allSettled(requests);
    const refused = ends.map((end) => (end.status === 'rejected' ? end.reason.message : end.value.id));
    assert.deepEqual(refused, [texts[0], texts[1], 'b3', 'b4', texts[2]]);
  });

  test('claims nothing for a client that has gone', async () => {
    const lane = new Lane(memoryOf('00'));
    assert.equal(await lane.ask([0], { isGone: () => true }), 'bad_request');
    assert.deepEqual([lane.batches, lane.lane.idle], [[], true]);
  });

  test('serves all requests, so it works outside of each', async () => {
    const lane = new Lane(memoryOf('0'));
    let seen: string | null = 'not asked';
    lane.onLearn = () => {
      seen = correlationId();
    };
    await runInContext({ correlationId: 'of one request' }, () => lane.ask([0]));
    assert.equal(seen, null);
  });

  test('answers also when memory cannot take what the batch brought', async () => {
    const lane = new Lane(memoryOf('0'));
    lane.onLearn = () => assert.fail('memory');
    assert.equal(await lane.ask([0]), 'b1');
  });
});

describe('requests for the same seat', () => {
  test('of one batch: the first goes, the others are refused as soon as it has won', async () => {
    const memory = memoryOf('0000');
    const lane = new Lane(memory);
    lane.stopped = true;
    const answers = [lane.ask([3]), lane.ask([0]), lane.ask([0, 1]), lane.ask([1])];
    lane.onLearn = (claims) => takeAll(memory, claims);
    lane.release();
    assert.deepEqual(await Promise.all(answers), ['b1', 'b2', 'seats_taken 0+1', 'b4']);
    assert.deepEqual([lane.claimed, lane.calls], [[[[3]], [[0], [1]]], []], 'nothing is confirmed for that');
  });

  test('go again when the first has not won', async () => {
    const lane = new Lane(memoryOf('0000'));
    lane.stopped = true;
    const answers = [lane.ask([3]), lane.ask([0]), lane.ask([0])];
    lane.replies.push(all, refusedAll('buyer_limit_reached'));
    lane.release();
    assert.deepEqual(await Promise.all(answers), ['b1', 'buyer_limit_reached', 'b3']);
    assert.deepEqual(lane.claimed, [[[3]], [[0]], [[0]]]);
  });

  test('are not refused by what memory heard of others meanwhile, when none of the batch has won', async () => {
    const memory = memoryOf('0000');
    const lane = new Lane(memory);
    lane.stopped = true;
    const answers = [lane.ask([3]), lane.ask([0]), lane.ask([1]), lane.ask([0])];
    const bad: Reply = () => {
      if (lane.batches.length === 2) comesAndGoes(lane, memory, 0);
      throw Object.assign(new Error('bad'), { code: '22P02' });
    };
    lane.replies.push(all, bad, bad, bad);
    lane.release();
    assert.deepEqual(await Promise.all(answers), ['b1', '22P02', '22P02', 'b4']);
    assert.deepEqual(lane.calls, ['keys of 0', 'confirm']);
  });

  test('with a key go to the database, which may know the key', async () => {
    const memory = memoryOf('0000');
    const lane = new Lane(memory);
    lane.stopped = true;
    const answers = [lane.ask([3]), lane.ask([0]), lane.ask([0], { key: 'k' })];
    lane.onLearn = (claims) => takeAll(memory, claims);
    lane.used = ({ key }) => key === 'k';
    lane.release();
    assert.deepEqual(await Promise.all(answers), ['b1', 'b2', 'b3']);
    assert.deepEqual(lane.claimed, [[[3]], [[0]], [[]]], 'a repetition names no seat');
  });

  test('with the same key of one person wait for each other, with those of two people do not', async () => {
    const lane = new Lane(memoryOf('00000'));
    lane.stopped = true;
    const answers = [
      lane.ask([4]),
      lane.ask([0], { key: 'k' }),
      lane.ask([1], { key: 'k' }),
      lane.ask([2], { key: 'k', userId: 'other' }),
    ];
    lane.release();
    assert.deepEqual(await Promise.all(answers), ['b1', 'b2', 'b3', 'b4']);
    assert.deepEqual(lane.claimed, [[[4]], [[0], [2]], [[1]]]);
  });
});

describe('what memory knows as taken', () => {
  test('is refused without the database once memory is confirmed', async () => {
    const lane = new Lane(memoryOf('0203'));
    assert.equal(await lane.ask([0, 1, 3]), 'seats_taken 1+3');
    assert.deepEqual([lane.batches, lane.calls], [[], ['keys of 0', 'confirm']]);
  });

  test('is asked for when it has become free meanwhile', async () => {
    const memory = memoryOf('02');
    const lane = new Lane(memory);
    lane.onConfirm = () => memory.apply([feedRow(11, [[1, SEAT.FREE]])]);
    assert.equal(await lane.ask([1]), 'b1');
    assert.deepEqual(lane.claimed, [[[1]]]);
  });

  test('is confirmed by reading the feed where one of those that came together is for the best', async () => {
    const lane = new Lane(memoryOf('0222'));
    lane.stopped = true;
    const answers = [lane.ask([0]), lane.ask([1]), lane.best(2)];
    lane.release();
    assert.deepEqual(await Promise.all(answers), ['b1', 'seats_taken 1', 'sold_out']);
    assert.deepEqual(lane.calls, ['keys of 0', 'catchUp']);
  });

  test('is asked for when memory has gone meanwhile', async () => {
    const lane = new Lane(memoryOf('2'));
    lane.onConfirm = () => {
      lane.memory = undefined;
    };
    assert.equal(await lane.ask([0]), 'b1');
  });

  test('is asked for under a key that was used before', async () => {
    const lane = new Lane(memoryOf('22'));
    lane.used = ({ key }) => key === 'old';
    assert.equal(await lane.ask([0], { key: 'old' }), 'b1');
    assert.deepEqual([lane.claimed, lane.calls], [[[[]]], ['keys of 1', 'confirm']]);
    assert.equal(await lane.ask([0], { key: 'new' }), 'seats_taken 0');
  });

  test('is a lapsed hold no more', async () => {
    const lane = new Lane(
      memoryOf('11', {
        deadlines: [
          [0, NOW, false],
          [1, NOW + 1, false],
        ],
      }),
    );
    assert.equal(await lane.ask([0]), 'b1');
    assert.equal(await lane.ask([1]), 'seats_taken 1');
  });

  test('is left to the database where the plan has no such seat', async () => {
    const lane = new Lane(memoryOf('00'));
    assert.equal(await lane.ask([7]), 'b1');
  });

  test('cannot be refused when the confirmation fails', async () => {
    const lane = new Lane(memoryOf('20'));
    lane.onConfirm = () => assert.fail('no confirmation');
    assert.equal(await lane.ask([0]), 'ERR_ASSERTION');
    assert.deepEqual([lane.lane.idle, lane.batches], [true, []]);
    assert.equal(await lane.ask([1]), 'b2');
  });

  test('is confirmed for all that came together, while others go on', async () => {
    const lane = new Lane(memoryOf('02200'));
    lane.stopped = true;
    const answers = [lane.ask([0]), lane.ask([1]), lane.ask([2], { key: 'k' }), lane.ask([3])];
    lane.release();
    assert.deepEqual(await Promise.all(answers), ['b1', 'seats_taken 1', 'seats_taken 2', 'b4']);
    assert.deepEqual(
      [lane.claimed, lane.calls],
      [
        [[[0]], [[3]]],
        ['keys of 1', 'confirm'],
      ],
    );
  });
});

describe('best available', () => {
  test('is picked from memory, beside the seats that were named and those of the batch', async () => {
    const lane = new Lane(memoryOf('0000000'));
    lane.stopped = true;
    const answers = [lane.ask([6]), lane.ask([0]), lane.best(2), lane.best(2, {}, [4])];
    lane.release();
    assert.deepEqual(await Promise.all(answers), ['b1', 'b2', 'b3', 'b4']);
    const [named, picked, both] = lane.claimed[1]!;
    assert.deepEqual([named, both!.slice(0, 1)], [[0], [4]]);
    assert.equal(new Set([...named!, ...picked!, ...both!]).size, 6, 'no seat twice');
  });

  test('carries the ids that were made for its items, and leaves nothing to the database', async () => {
    const lane = new Lane(memoryOf('0000'));
    await lane.best(2);
    const [claim] = lane.batches[0]!;
    assert.deepEqual(
      [claim!.items, claim!.wish],
      [
        [
          { id: 'b1 wish 0', n: 0, area: null },
          { id: 'b1 wish 1', n: 1, area: null },
        ],
        null,
      ],
    );
  });

  test('is refused when memory that has caught up has no such seats', async () => {
    const lane = new Lane(memoryOf('0202'));
    assert.equal(await lane.best(2), 'no_adjacent_seats');
    assert.equal(await lane.best(3), 'sold_out');
    assert.deepEqual([lane.calls, lane.batches], [['keys of 0', 'catchUp', 'keys of 0', 'catchUp'], []]);
    assert.equal(await lane.best(2, {}, [0]), 'sold_out', 'beside the seat that was named');
    assert.equal(await lane.best(1, {}, [0]), 'b4');
  });

  test('is picked when seats have become free meanwhile, beside those that were named', async () => {
    const memory = memoryOf('0222');
    const lane = new Lane(memory);
    assert.equal(await lane.best(1, {}, [0]), 'sold_out', 'the named one is not picked');
    lane.onConfirm = () => memory.apply([feedRow(11, [[2, SEAT.FREE]])]);
    assert.equal(await lane.best(1, {}, [0]), 'b2');
    assert.deepEqual(lane.claimed, [[[0, 2]]]);
  });

  test('that only lost its pick is not refused by what memory heard of its named seat meanwhile', async () => {
    const memory = memoryOf('000200');
    const lane = new Lane(memory);
    lane.stopped = true;
    const answers = [lane.ask([5]), lane.ask([1]), lane.best(2, {}, [4])];
    lane.replies.push(all, (claims) => {
      comesAndGoes(lane, memory, 4);
      return refusedAll('buyer_limit_reached')(claims);
    });
    lane.release();
    assert.deepEqual(await Promise.all(answers), ['b1', 'buyer_limit_reached', 'b3']);
  });

  test('waits for the batch that takes its last seats', async () => {
    const memory = memoryOf('0002');
    const lane = new Lane(memory);
    lane.stopped = true;
    const answers = [lane.ask([0]), lane.ask([1]), lane.best(2)];
    lane.replies.push(all, refusedAll('buyer_limit_reached'));
    lane.release();
    assert.deepEqual(await Promise.all(answers), ['b1', 'buyer_limit_reached', 'b3']);
    assert.deepEqual(lane.claimed.slice(1), [[[1]], [[0, 1]]]);
  });

  test('is picked again when others were quicker, twice from memory and then by the database', async () => {
    const lane = new Lane(memoryOf('0000'));
    const lost: Reply = (claims) => refusedAll('seats_taken', [0])(claims);
    lane.replies.push(lost, lost);
    assert.equal(await lane.best(1), 'b1');
    assert.deepEqual(lane.claimed, [[[0]], [[0]], [[null]]]);
    assert.deepEqual(
      lane.batches.map(([claim]) => claim!.wish?.quantity),
      [undefined, undefined, 1],
    );
  });

  test('is refused with the seats that were named beside it', async () => {
    const lane = new Lane(memoryOf('00000'));
    lane.replies.push(refusedAll('seats_taken', [0, 3]));
    assert.equal(await lane.best(1, {}, [3]), 'seats_taken 3');
  });
});

describe('the answer of the database', () => {
  test('is each one’s own', async () => {
    const lane = new Lane(memoryOf('0000'));
    lane.stopped = true;
    const answers = [lane.ask([3]), lane.ask([0]), lane.ask([1]), lane.ask([2])];
    lane.replies.push(all, ([first]) =>
      result(
        [{ held: heldBy(first!) }, { refused: 'seats_taken' }, { refused: 'idempotency_in_flight' }],
        [1],
      ),
    );
    lane.release();
    assert.deepEqual(await Promise.all(answers), ['b1', 'b2', 'seats_taken 1', 'idempotency_in_flight 1']);
  });

  test('names those of its seats that are taken', async () => {
    const lane = new Lane(memoryOf('0000'));
    lane.replies.push(refusedAll('seats_taken', [1, 3]));
    assert.equal(await lane.ask([0, 1]), 'seats_taken 1');
  });

  test('that a code is taken brings another one', async () => {
    const lane = new Lane(memoryOf('0'));
    lane.replies.push(() => {
      throw Object.assign(new Error('unique'), { code: '23505', constraint: 'booking_code' });
    });
    assert.equal(await lane.ask([0]), 'b1');
    const codes = lane.batches.map(([claim]) => claim!.code);
    assert.equal(codes[0], 'code of b1');
    assert.match(codes[1]!, /^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    assert.deepEqual(lane.claimed, [[[0]], [[0]]]);
  });

  test('that one request is bad does not fail the others', async () => {
    const lane = new Lane(memoryOf('00000'));
    lane.stopped = true;
    const answers = [lane.ask([4]), lane.ask([0]), lane.ask([1]), lane.ask([2]), lane.ask([2])];
    const bad: Reply = (claims) => {
      if (claims.some(({ id }) => id === 'b3')) throw Object.assign(new Error('bad'), { code: '22P02' });
      return all(claims);
    };
    lane.replies.push(all, bad, bad, bad, bad, bad);
    lane.release();
    assert.deepEqual(await Promise.all(answers), ['b1', 'b2', '22P02', 'b4', 'b5']);
    assert.deepEqual(lane.claimed.slice(1, 5), [[[0], [1], [2]], [[0]], [[1], [2]], [[1]]]);
  });

  test('that one request is bad does not make others wait who have lost their seats to a good one', async () => {
    const memory = memoryOf('00000');
    const lane = new Lane(memory);
    lane.stopped = true;
    const answers = [lane.ask([4]), lane.ask([0]), lane.ask([1]), lane.ask([0])];
    const bad: Reply = (claims) => {
      if (claims.some(({ id }) => id === 'b3')) throw Object.assign(new Error('bad'), { code: '22P02' });
      return all(claims);
    };
    lane.replies.push(all, bad, bad, bad);
    lane.onLearn = (claims) => takeAll(memory, claims);
    lane.release();
    assert.deepEqual(await Promise.all(answers), ['b1', 'b2', '22P02', 'seats_taken 0']);
    assert.deepEqual(lane.calls, []);
  });

  test('that it cannot work now, to half of a batch, is that of all who waited for the batch', async () => {
    const lane = new Lane(memoryOf('0000'));
    lane.stopped = true;
    const answers = [lane.ask([3]), lane.ask([0]), lane.ask([1]), lane.ask([0])];
    lane.replies.push(all, failing('22P02'), failing('57014'));
    lane.release();
    assert.deepEqual(await Promise.all(answers), ['b1', 'overloaded 1', 'b3', 'overloaded 1']);
  });

  test('that it cannot work now is everybody’s, without a second try', async () => {
    const lane = new Lane(memoryOf('0000'));
    lane.stopped = true;
    const answers = [lane.ask([3]), lane.ask([0]), lane.ask([1]), lane.ask([1])];
    lane.replies.push(all, failing('57014'));
    lane.release();
    assert.deepEqual(await Promise.all(answers), ['b1', 'overloaded 1', 'overloaded 1', 'overloaded 1']);
    assert.equal(lane.batches.length, 2);
    lane.replies.push(failing('53100'));
    assert.equal(await lane.ask([0]), 'database_failing 10');
  });

  test('that was lost with the connection is looked for', async () => {
    const lane = new Lane(memoryOf('0000'));
    lane.stopped = true;
    const answers = [lane.ask([3]), lane.ask([0]), lane.ask([1]), lane.ask([1])];
    lane.found = new Map([['b2', heldBy({ id: 'b2', code: '' } as Claim)]]);
    lane.replies.push(all, failing('ECONNRESET'));
    lane.release();
    assert.deepEqual(await Promise.all(answers), ['b1', 'b2', 'outcome_unknown 2', 'b4']);
    assert.deepEqual(lane.calls, ['catchUp']);
    lane.found = new Map();
    lane.replies.push(failing('ECONNRESET'));
    assert.equal(await lane.ask([0]), 'outcome_unknown 2');
    assert.deepEqual(lane.calls, ['catchUp'], 'nothing was found, so memory lacks nothing of it');
  });

  test('that was lost and is found again refuses who lost to it, else nobody', async () => {
    const memory = memoryOf('0000');
    const lane = new Lane(memory);
    lane.stopped = true;
    const answers = [lane.ask([3]), lane.ask([0]), lane.ask([0])];
    lane.found = new Map([['b2', heldBy({ id: 'b2', code: '' } as Claim)]]);
    lane.onConfirm = () => memory.apply([feedRow(memory.seq + 1, [[0, SEAT.BOOKED]])]);
    lane.replies.push(all, failing('ECONNRESET'));
    lane.release();
    assert.deepEqual(await Promise.all(answers), ['b1', 'b2', 'seats_taken 0']);
    assert.deepEqual(lane.calls, ['catchUp'], 'nothing more is confirmed for that');
    lane.stopped = true;
    const others = [lane.ask([3]), lane.ask([1]), lane.ask([1])];
    lane.replies.push(all, () => {
      comesAndGoes(lane, memory, 1);
      return failing('ECONNRESET')();
    });
    lane.release();
    assert.deepEqual(await Promise.all(others), ['b4', 'outcome_unknown 2', 'b6']);
  });

  test('that cannot be looked for is unknown, and nobody else waits for the same outage', async () => {
    const lane = new Lane(memoryOf('0000'));
    lane.stopped = true;
    const answers = [lane.ask([3]), lane.ask([0]), lane.ask([0])];
    lane.found = undefined;
    lane.replies.push(all, failing('ECONNRESET'));
    lane.release();
    assert.deepEqual(await Promise.all(answers), ['b1', 'outcome_unknown 2', 'database_unavailable 2']);
    assert.deepEqual([lane.calls, lane.batches.length], [[], 2]);
  });

  test('comes after the next batch has left', async () => {
    const lane = new Lane(memoryOf('00'));
    const order: string[] = [];
    const first = lane.ask([0]).then((id) => order.push(id));
    const second = lane.ask([1]);
    lane.replies.push((claims) => {
      order.push('next batch');
      return all(claims);
    });
    await Promise.all([first, second]);
    assert.deepEqual(order, ['next batch', 'b1']);
    await turn();
    assert.equal(lane.lane.idle, true);
  });

  test('comes while the next batch is under way, and begins no third one beside it', async () => {
    const lane = new Lane(memoryOf('000'));
    lane.replies.push((claims) => {
      lane.stopped = true;
      return all(claims);
    });
    const answers = [lane.ask([0]), lane.ask([1])];
    assert.equal(await answers[0], 'b1');
    answers.push(lane.ask([2]));
    await turn();
    assert.deepEqual(lane.claimed, [[[0]], [[1]]]);
    lane.release();
    assert.deepEqual(await Promise.all(answers), ['b1', 'b2', 'b3']);
  });
});
