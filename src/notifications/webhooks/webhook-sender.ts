import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Inject, Injectable } from '@nestjs/common';
import { urlProblem } from '../../platform/common/address.rules.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { publicOnly } from '../../platform/http/public-lookup.js';

/** Bytes that are read of an answer; no endpoint needs more. */
const ANSWER_LIMIT = 16 * 1024;

export interface Sent {
  /** Undefined when no answer came. */
  readonly status?: number;
  readonly error?: string;
}

/** Posts a message to an address that strangers have named. */
@Injectable()
export class WebhookSender {
  constructor(@Inject(CONFIG) private readonly config: Pick<Config, 'webhooks'>) {}

  /**
   * Never rejects. Redirects are not followed, and a name is resolved once, where the connection is made: a second
   * answer of its name server changes nothing.
   */
  post(url: string, headers: Record<string, string>, body: string): Promise<Sent> {
    const lenient = this.config.webhooks.allowPrivate;
    const problem = urlProblem(url, lenient);
    if (problem) return Promise.resolve({ error: `The address ${problem}` });
    const request = url.startsWith('https:') ? httpsRequest : httpRequest;
    return new Promise((resolve) => {
      const signal = AbortSignal.timeout(this.config.webhooks.timeoutMs);
      const sent = request(url, {
        method: 'POST',
        agent: false,
        signal,
        headers: {
          ...headers,
          'Content-Type': 'application/json',
          'Content-Length': Buffer.byteLength(body),
          'User-Agent': 'Evently-Webhooks/1',
        },
        ...(!lenient && { lookup: publicOnly }),
      });
      sent.on('response', (response) => {
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > ANSWER_LIMIT) response.destroy();
        });
        // The status line counts, also when the rest of the response never comes.
        response.on('error', () => {});
        response.on('close', () => resolve({ status: response.statusCode! }));
      });
      sent.on('error', (error) =>
        resolve({
          error: signal.aborted ? `No answer within ${this.config.webhooks.timeoutMs} ms` : error.message,
        }),
      );
      sent.end(body);
    });
  }
}
