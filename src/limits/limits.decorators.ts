import type { LimitKind } from '../common/quotas.js';
import { routeConfig } from '../common/route-config.js';

export interface LimitConfig {
  /** False: not limited at all. */
  limit?: LimitKind | false;
}

/** Requests of this route count for this limit, beside the one for all. */
export const Limited = (limit: Exclude<LimitKind, 'default'>) => routeConfig({ limit });

/** For machines that must not be turned away: probes, scrapes, signed messages of providers. */
export const Unlimited = () => routeConfig({ limit: false });
