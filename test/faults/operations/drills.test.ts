import assert from 'node:assert/strict';
import { afterAll, beforeAll, test } from '@jest/globals';
import { type Engine, NETWORK_FAULTS, runFault } from '../../../drill/network.js';
import { type Round, report, runRound } from '../../../drill/rounds.js';
import { Stand } from '../../../drill/stand.js';
import { VICTIMS } from '../../../drill/victims.js';
import { describeWith } from '../../support/needing.js';
import { note } from '../../support/note.js';

/** The short form of `npm run drill -- network rounds`: one of each kind. */
describeWith('redis-server', 'rabbitmq-server')('faults while people buy', () => {
  let stand: Stand;
  beforeAll(async () => {
    stand = await Stand.start(8);
  });
  afterAll(() => stand?.close());

  const named = <T extends { readonly name: string }>(list: readonly T[], name: string): T => {
    const found = list.find((one) => one.name === name);
    assert.ok(found, name);
    return found;
  };
  const check = (round: Round) => {
    for (const line of report(round)) note(line);
    assert.deepEqual(round.wrong, []);
    assert.ok((stand.ledger.counts.confirmed ?? 0) > 0);
  };

  const networks: [Engine, string][] = [
    ['PostgreSQL', 'answers by half, then reset'],
    ['Redis', '200 ms late'],
    ['RabbitMQ', 'cut once'],
  ];
  for (const [engine, name] of networks)
    test(`the network to ${engine}: ${name}`, async () => {
      check(await runFault(stand, engine, { ...named(NETWORK_FAULTS, name), ms: 1_000 }));
    });

  for (const name of ['kill -9 of api 1', 'kill -9 of the primary, promotion', 'SIGSTOP of the worker'])
    test(name, async () => {
      check(await runRound(stand, named(VICTIMS, name)));
    });
});
