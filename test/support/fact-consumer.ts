import { setTimeout as sleep } from 'node:timers/promises';
import { type ChannelModel, connect } from 'amqplib';
import type { Json } from './client.js';

export interface Delivery {
  readonly key: string;
  readonly messageId: string;
  readonly persistent: boolean;
  readonly correlationId: string | undefined;
  readonly body: Json;
}

/** Another system: a durable queue bound to the exchange of facts, read again from where it was whenever it can be. */
export class FactConsumer {
  readonly deliveries: Delivery[] = [];
  private connection: ChannelModel | undefined;
  private stopping = false;
  private readonly running: Promise<void>;

  constructor(
    private readonly url: string,
    private readonly queue: string,
    private readonly pattern = '#',
  ) {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.connection?.close().catch(() => {});
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      await this.consume().catch(() => {});
      await sleep(100);
    }
  }

  private async consume(): Promise<void> {
    const connection = await connect(this.url);
    const closed = new Promise<void>((resolve) => connection.on('close', () => resolve()));
    connection.on('error', () => {});
    this.connection = connection;
    const channel = await connection.createChannel();
    channel.on('error', () => {});
    await channel.assertExchange('evently.facts', 'topic', { durable: true });
    await channel.assertQueue(this.queue, { durable: true });
    await channel.bindQueue(this.queue, 'evently.facts', this.pattern);
    await channel.consume(this.queue, (message) => {
      if (!message) return;
      const { messageId, deliveryMode, correlationId } = message.properties;
      this.deliveries.push({
        key: message.fields.routingKey,
        messageId,
        persistent: deliveryMode === 2,
        correlationId,
        body: JSON.parse(message.content.toString('utf8')),
      });
      channel.ack(message);
    });
    await closed;
  }
}
