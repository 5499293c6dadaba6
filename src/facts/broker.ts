import { setTimeout as sleep } from 'node:timers/promises';
import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib';
import type { AnyFact } from './fact-map.js';
import { factMessage } from './fact-message.js';

export const EXCHANGE = 'evently.facts';
/** Token of the `Broker`, undefined without `AMQP_URL`. */
export const BROKER = Symbol('broker');

const CONNECT_TIMEOUT = 5_000;
const CONFIRM_TIMEOUT = 10_000;
const GOODBYE_TIMEOUT = 1_000;
const HEARTBEAT = 10;

/**
 * RabbitMQ, connected when there is something to publish.
 *
 * amqplib itself and not amqp-connection-manager: that one queues what was rejected behind what came later, which breaks
 * the order, and never opens a channel again that the broker closed alone.
 */
export class Broker {
  private connection: ChannelModel | undefined;
  private channel: ConfirmChannel | undefined;

  constructor(private readonly url: string) {}

  get connected(): boolean {
    return this.channel !== undefined;
  }

  /**
   * Publishes persistent messages in this order; returns when the broker has confirmed all.
   * @throws when any was not; which of the others arrived is then unknown. The next call connects anew
   */
  async publish(facts: readonly AnyFact[]): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('The broker does not confirm')), CONFIRM_TIMEOUT);
    });
    try {
      await Promise.race([late, this.confirmed(facts)]);
    } catch (error) {
      await this.close();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Does not wait for a broker that does not answer. */
  async close(): Promise<void> {
    const { connection } = this;
    this.connection = this.channel = undefined;
    const patience = sleep(GOODBYE_TIMEOUT, undefined, { ref: false });
    await Promise.race([patience, end(connection)]);
  }

  private async confirmed(facts: readonly AnyFact[]): Promise<void> {
    const channel = await this.open();
    await Promise.all(facts.map((fact) => send(channel, fact)));
  }

  private async open(): Promise<ConfirmChannel> {
    if (this.channel) return this.channel;
    const connection = await connect(withHeartbeat(this.url), {
      timeout: CONNECT_TIMEOUT,
      clientProperties: { connection_name: 'evently-facts' },
    });
    // What breaks later is heard by whoever waits for a confirmation; without a listener it would end the process.
    connection.on('error', () => {});
    connection.on('close', () => {
      if (this.connection === connection) this.connection = this.channel = undefined;
    });
    this.connection = connection;
    const channel = await connection.createConfirmChannel();
    channel.on('error', () => {});
    channel.on('close', () => {
      if (this.channel === channel) this.channel = undefined;
    });
    await channel.assertExchange(EXCHANGE, 'topic', { durable: true });
    this.channel = channel;
    return channel;
  }
}

function send(channel: ConfirmChannel, fact: AnyFact): Promise<void> {
  const { body, ...properties } = factMessage(fact);
  return new Promise((resolve, reject) => {
    channel.publish(EXCHANGE, fact.type, body, { ...properties, persistent: true }, (error) =>
      error ? reject(error) : resolve(),
    );
  });
}

async function end(connection: ChannelModel | undefined): Promise<void> {
  try {
    await connection?.close();
  } catch {
    // it had ended before
  }
}

/** Without heartbeats a broker that vanished is noticed after minutes. */
function withHeartbeat(address: string): string {
  const url = new URL(address);
  if (!url.searchParams.has('heartbeat')) url.searchParams.set('heartbeat', String(HEARTBEAT));
  return url.href;
}
