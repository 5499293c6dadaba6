import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

export interface Received {
  readonly messageId: string;
  readonly to: string;
  readonly raw: string;
}

type Verdict = 'take' | 'die' | { code: number; text?: string };

/**
 * A mail server. `envelope` speaks on a recipient, `content` on a whole message: take it, hang up without a word, or
 * refuse with a code. A promise that stays pending makes the server hang.
 */
export class MailServer {
  readonly received: Received[] = [];
  envelope: (to: string) => Verdict | Promise<Verdict> = () => 'take';
  content: (mail: Received) => Verdict | Promise<Verdict> = () => 'take';
  connections = 0;
  private readonly sockets = new Set<Socket>();
  private readonly server: SMTPServer;

  private constructor() {
    this.server = new SMTPServer({
      authOptional: true,
      allowInsecureAuth: true,
      onAuth: ({ username }, _, done) => done(null, { user: username }),
      disabledCommands: ['STARTTLS'],
      onConnect: (_, done) => {
        this.connections++;
        done();
      },
      onRcptTo: ({ address }, session, done) => void this.answer(this.envelope(address), session.id, done),
      onData: async (stream, session, done) => {
        // A sender that hangs up in the middle has sent nothing.
        const whole = await buffer(stream).catch(() => undefined);
        if (!whole) return done(new Error('The connection ended in the middle of a message'));
        const mail = read(whole.toString('utf8'));
        await this.answer(this.content(mail), session.id, (error) => {
          if (!error) this.received.push(mail);
          done(error);
        });
      },
    });
    this.server.on('error', () => {});
    this.server.server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  static async start(): Promise<MailServer> {
    const mails = new MailServer();
    mails.server.listen(0, '127.0.0.1');
    await once(mails.server.server, 'listening');
    return mails;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }

  /** Each mail once, however often it came. */
  get ids(): Set<string> {
    return new Set(this.received.map(({ messageId }) => messageId));
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((done) => this.server.close(() => done()));
  }

  private async answer(
    verdict: Verdict | Promise<Verdict>,
    sessionId: string,
    done: (error?: Error) => void,
  ): Promise<void> {
    const said = await verdict;
    if (said === 'take') done();
    else if (said === 'die') this.hangUp(sessionId);
    else done(Object.assign(new Error(said.text ?? 'No'), { responseCode: said.code }));
  }

  private hangUp(sessionId: string): void {
    for (const connection of this.server.connections as Set<{ id: string; _socket: Socket }>)
      if (connection.id === sessionId) connection._socket.destroy();
  }
}

function read(raw: string): Received {
  const header = (name: string) => new RegExp(`^${name}: (.+)$`, 'mi').exec(raw)?.[1]?.trim() ?? '';
  return { raw, messageId: header('Message-ID'), to: header('To') };
}
