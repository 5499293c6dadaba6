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
    // Errors of idle connections need no answer; a sender hears of those of its own.
    this.transport.on('error', () => {});
    this.domain = /@([\w.-]+)>?\s*$/.exec(from)?.[1] ?? 'localhost';
  }

  async deliver(id: string, mail: Mail): Promise<void> {
    try {
      await this.transport.sendMail({ from: this.from, messageId: `<${id}@${this.domain}>`, ...mail });
    } catch (error) {
      throw anonymous(error as SmtpError);
    }
  }

  close(): void {
    this.transport.close();
  }
}

type SmtpError = Error & { code?: string; responseCode?: number; command?: string };

/**
 * Removes addresses, which servers repeat in refusals: the error is kept and logged, the address stays in the account.
 */
function anonymous(error: SmtpError): Error {
  const { code, command, responseCode } = error;
  const told = isRefusal(error)
    ? new Undeliverable(withoutAddresses(error.message))
    : Object.assign(new Error(withoutAddresses(error.message)), { code, command, responseCode });
  if (error.stack) told.stack = withoutAddresses(error.stack);
  return told;
}

const withoutAddresses = (text: string): string => text.replaceAll(/[^\s<>"']+@[^\s<>"']+/g, '[address]');
