import { setTimeout as sleep } from 'node:timers/promises';
import type { INestApplication } from '@nestjs/common';
import pg from 'pg';
import { PaymentNewsService } from '../src/payments/providers/payment-news.service.js';
import type { ChargeHandle, PaymentProvider } from '../src/payments/providers/payment-provider.js';
import { SandboxProviderService } from '../src/payments/providers/sandbox-provider.service.js';
import { CONFIG, type Config } from '../src/platform/config/config.js';
import type { SagaProbe } from '../src/platform/saga/saga-probe.js';

export const FAULTS = ['exception', 'kill', 'disconnect', 'pause', 'timeout', 'double answer'] as const;
export type FaultName = (typeof FAULTS)[number];

/** Where a fault strikes: once, at the first passage. */
export interface Strike {
  readonly fault: FaultName;
  readonly kind: string;
  readonly step: string;
  readonly undo: boolean;
  readonly when: 'before' | 'after';
}

type Call = 'authorize' | 'capture' | 'void' | 'refund';
const CALLS: readonly Call[] = ['authorize', 'capture', 'void', 'refund'];
const NEVER = new Promise<never>(() => {});

/** Injects one fault at one place. A fault of the provider hits the next call that the step makes. */
export class FaultProbe implements SagaProbe {
  private strike: Strike | undefined;
  private app: INestApplication | undefined;
  /** Whether the fault has struck. */
  struck = false;
  private arriving: Strike | undefined;

  /** Wraps the sandbox, so that its answers can be lost or doubled. */
  watch(app: INestApplication): void {
    this.app = app;
    const provider = app.get(SandboxProviderService) as unknown as Record<
      Call,
      (...args: unknown[]) => unknown
    >;
    for (const name of CALLS) {
      const call = provider[name].bind(provider);
      provider[name] = (...args: unknown[]) => this.provide(() => call(...args) as Promise<unknown>, args);
    }
  }

  arm(strike: Strike): void {
    this.strike = strike;
    this.struck = false;
    this.arriving = undefined;
  }

  before(kind: string, step: string, undo: boolean): Promise<void> {
    return this.at('before', kind, step, undo);
  }

  after(kind: string, step: string, undo: boolean): Promise<void> {
    return this.at('after', kind, step, undo);
  }

  private async at(when: Strike['when'], kind: string, step: string, undo: boolean): Promise<void> {
    const strike = this.strike;
    if (strike?.kind !== kind || strike.step !== step || strike.undo !== undo) return;
    if (strike.fault === 'timeout' || strike.fault === 'double answer') {
      if (when === 'before') this.arriving = strike;
      else this.arriving = undefined;
      return;
    }
    if (strike.when !== when) return;
    this.strike = undefined;
    const config = this.app!.get<Config>(CONFIG);
    if (strike.fault === 'disconnect') await cutConnections(config.database.url);
    this.struck = true;
    if (strike.fault === 'exception') throw new Error('A fault of the drill');
    if (strike.fault === 'kill') {
      process.kill(process.pid, 'SIGKILL');
      await NEVER;
    }
    if (strike.fault === 'pause') await sleep(config.sagas.leaseMs * 2);
  }

  /**
   * `before`: the request is lost, or the news overtake the answer; `after`: the answer is lost, or the news follow it.
   */
  private async provide(call: () => Promise<unknown>, args: unknown[]): Promise<unknown> {
    const strike = this.arriving;
    if (!strike) return call();
    this.arriving = this.strike = undefined;
    this.struck = true;
    if (strike.fault === 'timeout') {
      if (strike.when === 'after') await call();
      return NEVER;
    }
    if (strike.when === 'before') {
      const answer = await call();
      await this.tellTwice(args);
      return answer;
    }
    const answer = call();
    void answer.then(() => setTimeout(() => void this.tellTwice(args), 20));
    return answer;
  }

  private async tellTwice([first]: unknown[]): Promise<void> {
    const asked = first as ChargeHandle | Parameters<PaymentProvider['refund']>[0];
    const { key } = 'charge' in asked ? asked.charge : asked;
    const news = this.app!.get(PaymentNewsService);
    await Promise.allSettled([news.tell(key), news.tell(key)]);
  }
}

/** As when the database restarts: every connection of the application to it dies, also those in use. */
async function cutConnections(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString, application_name: 'evently-test' });
  await client.connect();
  await client.query(
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name <> 'evently-test'`,
  );
  await client.end();
}
