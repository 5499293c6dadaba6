import { setTimeout as sleep } from 'node:timers/promises';
import { startApp } from '../test/support/app.js';
import { BrokerOutage, countAgain } from '../test/support/broker-outage.js';

const MINUTE = 60_000;

/** 1,000 bookings while RabbitMQ is away for a minute. @returns one line; rejects when a fact is lost or out of order */
export async function brokerAway(): Promise<string> {
  const at = await BrokerOutage.prepare((amqpUrl) => startApp({ broker: { url: amqpUrl } }));
  try {
    const selling = at.sell(1_000, MINUTE + 10_000);
    await sleep(5_000);
    await at.rabbit.stop('SIGKILL');
    await sleep(MINUTE);
    const missed = (await at.app.client().get('/health/status')).body.facts.waitingSeconds;
    await at.rabbit.resume();
    const back = Date.now();
    await selling;
    await at.allArrived();
    const again = countAgain(at.consumer.deliveries);
    const seconds = ((Date.now() - back) / 1_000).toFixed(1);
    return `${at.consumer.deliveries.length - again} facts, the oldest waited ${missed.toFixed(0)} s; all there ${seconds} s after the broker, ${again} of them twice`;
  } finally {
    await at.close();
  }
}
