import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { SpanKind } from '@opentelemetry/api';
import { type ConfirmChannel, type Connection, connect } from 'amqplib/callback_api';
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
 * Uses amqplib itself and not amqp-connection-manager, which queues rejected messages behind later ones, so that the
 * order breaks, and never reopens a channel that the broker alone has closed. Uses callbacks, since they are called
 * before the next frame is read: a promise would settle after it, and an error in that frame would find no listener and
 * end the process.
 */
export class Broker {
  private connection: Connection | undefined;
  private channel: ConfirmChannel | undefined;

  constructor(private readonly url: string) {}

  get connected(): boolean {
    return this.channel !== undefined;
  }

  /**
   * Connects when it is not connected. Errors: whatever keeps the broker from being reached; heartbeats bound the wait.
   */
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
    const connection = await openConnection(withHeartbeat(this.url));
    this.connection = connection;
    const channel = await openChannel(connection);
    channel.on('close', () => {
      if (this.channel === channel) this.channel = undefined;
    });
    await promisify(channel.assertExchange.bind(channel, EXCHANGE, 'topic', { durable: true }))();
    return channel;
  }
}

// Errors of a connection reach the caller that waits for an answer.
function openConnection(url: string): Promise<Connection> {
  const options = { timeout: CONNECT_TIMEOUT, clientProperties: { connection_name: 'evently-facts' } };
  return new Promise((resolve, reject) => {
    connect(url, options, (error, connection) => {
      connection?.on('error', () => {});
      if (error) reject(error);
      else resolve(connection);
    });
  });
}

function openChannel(connection: Connection): Promise<ConfirmChannel> {
  return new Promise((resolve, reject) => {
    const channel = connection.createConfirmChannel((error) => (error ? reject(error) : resolve(channel)));
    channel.on('error', () => {});
  });
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

async function end(connection: Connection | undefined): Promise<void> {
  try {
    if (connection) await promisify(connection.close.bind(connection))();
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
