import { createHash, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';
import { DomainError } from '../common/domain-error.js';
import { CONFIG, type Config } from '../config/config.js';

/** The metrics of this process. Access is limited, because they show how a sale goes. */
@Injectable()
export class MetricsService {
  constructor(
    private readonly registry: Registry,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  get contentType(): string {
    return this.registry.contentType;
  }

  /** Errors: `unauthenticated`; `route_not_found` when they are off. */
  async serialize(authorization: string | undefined): Promise<string> {
    const { metrics } = this.config;
    if (!metrics) throw new DomainError('route_not_found', { detail: 'Metrics are off.' });
    if (metrics.readers === 'token' && !isBearer(authorization, metrics.token))
      throw new DomainError('unauthenticated', {
        detail: metrics.token
          ? 'Metrics need the token of EVENTLY_METRICS_TOKEN.'
          : 'Set EVENTLY_METRICS_TOKEN, or EVENTLY_METRICS=open where only Prometheus gets to /metrics.',
      });
    return this.registry.metrics();
  }
}

function isBearer(authorization: string | undefined, token: string | undefined): boolean {
  if (token === undefined || authorization === undefined) return false;
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(authorization), digest(`Bearer ${token}`));
}
