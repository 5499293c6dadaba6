import { createTransport, type Transporter } from 'nodemailer';
import type { Mail, Mailbox } from './mailbox.js';

export class SmtpMailbox implements Mailbox {
  private readonly transport: Transporter;

  constructor(
    url: string,
    private readonly from: string,
  ) {
    // A rush of registrations shares a few connections; the library's own patience is minutes.
    const options = {
      url,
      pool: true,
      maxConnections: 4,
      maxRequeues: 0,
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: 20_000,
    };
    this.transport = createTransport(options);
  }

  async deliver(mail: Mail): Promise<void> {
    await this.transport.sendMail({ from: this.from, ...mail });
  }

  close(): void {
    this.transport.close();
  }
}
