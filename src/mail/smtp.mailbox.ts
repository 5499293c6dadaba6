import { createTransport, type Transporter } from 'nodemailer';
import { isRefusal } from './mail.rules.js';
import { type Mail, type Mailbox, Undeliverable } from './mailbox.js';

export class SmtpMailbox implements Mailbox {
  private readonly transport: Transporter;
  private readonly domain: string;

  /** @param timeoutMs how long the server may be silent; the library's own patience is minutes */
  constructor(
    url: string,
    private readonly from: string,
    timeoutMs: number,
  ) {
    // A rush of registrations shares a few connections.
    const options = {
      url,
      pool: true,
      maxConnections: 4,
      maxRequeues: 0,
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
    };
    this.transport = createTransport(options);
    this.domain = /@([\w.-]+)>?\s*$/.exec(from)?.[1] ?? 'localhost';
  }

  async deliver(id: string, mail: Mail): Promise<void> {
    try {
      await this.transport.sendMail({ from: this.from, messageId: `<${id}@${this.domain}>`, ...mail });
    } catch (error) {
      const message = withoutAddresses((error as Error).message);
      throw isRefusal(error as object) ? new Undeliverable(message) : new Error(message);
    }
  }

  close(): void {
    this.transport.close();
  }
}

/** Servers repeat whom they refuse. What went wrong is kept and logged; who it was for stands in the account only. */
const withoutAddresses = (message: string): string =>
  message.replaceAll(/[^\s<>"']+@[^\s<>"']+/g, '[address]');
