import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Stripe } from 'stripe';
import { decodeForm } from './stripe-form.js';
import { Refused, StripeLedger } from './stripe-ledger.js';
import { type Form, type StripeRoute, StripeTypes } from './stripe-types.js';

export const STRIPE_SECRET_KEY = 'sk_test_standin';
export const STRIPE_WEBHOOK_SECRET = 'whsec_standin';

/** Fate of a request: the answer, a fault before or after it took effect, or an answer after `late` ms. */
export type Weather = 'fine' | 'fail_before' | 'fail_after' | 'drop_after' | { readonly late: number };

interface Answer {
  status: number;
  body: object;
}

/**
 * Stripe as far as we use it: keeps state, honours idempotency keys, answers twice the same, refuses what the official
 * library's types do not allow, and signs its events with the library's own helper.
 */
export class StripeStandIn {
  readonly ledger = new StripeLedger();
  /** Requests that no type allows, and misuse of keys; must be empty. */
  readonly faults: string[] = [];
  readonly requests: string[] = [];
  weather: (route: StripeRoute) => Weather = () => 'fine';
  private readonly keys = new Map<string, { asked: string; answer: Answer }>();
  readonly types = new StripeTypes();
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, reply) => {
      this.serve(request, reply).catch(() => reply.destroy());
    });
  }

  static async start(): Promise<StripeStandIn> {
    const standIn = new StripeStandIn();
    await new Promise<void>((resolve) => standIn.server.listen(0, '127.0.0.1', resolve));
    return standIn;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** An event as it arrives at our webhook. */
  signed(
    event: object,
    secret = STRIPE_WEBHOOK_SECRET,
    timestamp?: number,
  ): { body: Buffer; signature: string } {
    const payload = JSON.stringify(event);
    const signature = Stripe.webhooks.generateTestHeaderString({
      payload,
      secret,
      ...(timestamp !== undefined && { timestamp }),
    });
    return { body: Buffer.from(payload), signature };
  }

  private async serve(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url!, this.url);
    const body = await text(request);
    const route = `${request.method} ${pathname.replace(/\/pi_[^/]+/, '/:id')}` as StripeRoute;
    const form = decodeForm(request.method === 'GET' ? searchParams : new URLSearchParams(body));
    this.requests.push(route);
    const weather = this.weather(route);
    if (weather === 'fail_before') return send(reply, OUTAGE);
    const answer = this.answer(request, route, pathname.split('/')[3] ?? '', form, body);
    if (weather === 'drop_after') return void reply.destroy();
    if (typeof weather === 'object') await sleep(weather.late);
    send(reply, weather === 'fail_after' ? OUTAGE : answer);
  }

  private answer(
    { headers }: IncomingMessage,
    route: StripeRoute,
    id: string,
    form: Record<string, Form>,
    body: string,
  ): Answer {
    if (headers.authorization !== `Bearer ${STRIPE_SECRET_KEY}`) return problem(401, 'invalid_request_error');
    if (headers['stripe-version'] !== Stripe.API_VERSION)
      this.faults.push(`version ${headers['stripe-version']}`);
    const faults = this.types.faults(route, form);
    if (faults.length > 0) {
      this.faults.push(...faults.map((fault) => `${route}: ${fault}`));
      return problem(400, 'invalid_request_error', 'parameter_unknown');
    }
    const key = headers['idempotency-key'];
    if (key === undefined) return this.act(route, id, form);
    const asked = `${route}\n${body}`;
    const known = this.keys.get(`${key}`);
    if (known?.asked === asked) return known.answer;
    if (known) this.faults.push(`${key} was used for two requests`);
    if (known) return problem(400, 'idempotency_error');
    const answer = this.act(route, id, form);
    this.keys.set(`${key}`, { asked, answer: structuredClone(answer) });
    return answer;
  }

  private act(route: StripeRoute, id: string, form: Record<string, Form>): Answer {
    const { ledger } = this;
    try {
      switch (route) {
        case 'POST /v1/payment_intents':
          return ok(print(ledger.create(form), form));
        case 'GET /v1/payment_intents':
          return ok(page([...ledger.intents.values()], form));
        case 'GET /v1/payment_intents/:id':
          return ok(print(ledger.find(id), form));
        case 'POST /v1/payment_intents/:id/capture':
          return ok(print(ledger.capture(id), form));
        case 'POST /v1/payment_intents/:id/cancel':
          return ok(print(ledger.cancel(id), form));
        case 'POST /v1/refunds':
          return ok(ledger.refund(form));
        case 'GET /v1/refunds': {
          const expand = `${form.expand ?? ''}`.includes('payment_intent');
          const refunds = [...ledger.refunds.values()].filter(
            (refund) => !form.payment_intent || refund.payment_intent === form.payment_intent,
          );
          return ok(
            page(
              refunds.map((refund) =>
                expand ? { ...refund, payment_intent: expanded(ledger.find(refund.payment_intent)) } : refund,
              ),
              form,
            ),
          );
        }
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { status, problem: words, intent } = error;
      return { status, body: { error: { ...words, ...(intent && { payment_intent: print(intent, {}) }) } } };
    }
  }
}

const OUTAGE: Answer = { status: 500, body: { error: { type: 'api_error', message: 'An outage' } } };
const ok = (body: object): Answer => ({ status: 200, body });
const problem = (status: number, type: string, code?: string): Answer => ({
  status,
  body: { error: { type, code, message: code ?? type } },
});

type Entry = { id: string; created: number; object: string };

const expanded = (intent: ReturnType<StripeLedger['find']>) => ({
  ...intent,
  latest_charge: { id: intent.latest_charge, object: 'charge', ...intent.charge },
});

const print = (intent: ReturnType<StripeLedger['find']>, { expand }: Record<string, Form>) =>
  `${expand ?? ''}`.includes('latest_charge') ? expanded(intent) : intent;

/** Newest first, as Stripe lists. */
function page(entries: Entry[], form: Record<string, Form>): object {
  const { created, starting_after: after, limit = '10', expand } = form;
  const since = Number((created as Record<string, string> | undefined)?.gte ?? 0);
  const matching = entries.filter((entry) => entry.created >= since).reverse();
  const begin = after === undefined ? 0 : matching.findIndex(({ id }) => id === after) + 1;
  const data = matching
    .slice(begin, begin + Number(limit))
    .map((entry) =>
      entry.object === 'payment_intent' ? print(entry as never, { expand: expand ?? '' }) : entry,
    );
  return { object: 'list', url: '/v1', data, has_more: begin + data.length < matching.length };
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function send(reply: ServerResponse, { status, body }: Answer): void {
  reply
    .writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_standin' })
    .end(JSON.stringify(body));
}
