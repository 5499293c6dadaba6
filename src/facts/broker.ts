import { setTimeout as sleep } from 'node:timers/promises';
import { SpanKind } from '@opentelemetry/api';
import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib';
import { follow, traceHeaders } from '../observability/tracing.js';
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

  /** Connects when it is not connected. Errors: whatever keeps the broker from being reached; heartbeats bound the wait. */
  async ready(): Promise<void> {
    if (this.channel) return;
    try {
      this.channel = await this.open();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /**
   * A persistent message; returns when the broker has confirmed it.
   * @throws when it has not, in time or at all: the message may have arrived. `ready` then connects anew
   */
  async send(fact: AnyFact): Promise<void> {
    if (!this.channel) throw new Error('The connection to the broker is lost');
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('The broker does not confirm')), CONFIRM_TIMEOUT);
    });
    try {
      await Promise.race([late, publish(this.channel, fact)]);
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

  private async open(): Promise<ConfirmChannel> {
    const connection = await connect(withHeartbeat(this.url), {
      timeout: CONNECT_TIMEOUT,
      clientProperties: { connection_name: 'evently-facts' },
    });
    this.connection = connection;
    // What breaks later is heard by whoever waits for a confirmation; without a listener it would end the process.
    connection.on('error', () => {});
    const channel = await connection.createConfirmChannel();
    channel.on('error', () => {});
    channel.on('close', () => {
      if (this.channel === channel) this.channel = undefined;
    });
    await channel.assertExchange(EXCHANGE, 'topic', { durable: true });
    return channel;
  }
}

function publish(channel: ConfirmChannel, fact: AnyFact): Promise<void> {
  const { body, ...properties } = factMessage(fact);
  const cause = fact.correlationId ?? `fact-${fact.pos}`;
  return follow(cause, `publish ${fact.type}`, { kind: SpanKind.PRODUCER }, () => {
    const options = { ...properties, persistent: true, headers: traceHeaders() };
    return new Promise<void>((resolve, reject) => {
      channel.publish(EXCHANGE, fact.type, body, options, (error) => (error ? reject(error) : resolve()));
    });
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
