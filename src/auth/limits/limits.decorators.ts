import type { LimitKind } from '../../platform/common/quotas.js';
import { routeConfig } from '../../platform/http/route-config.js';

export interface LimitConfig {
  /** Kind of limit; false: not limited. */
  limit?: LimitKind | false;
}

/** Counts requests of this route for this limit too, beside the one for all. */
export const Limited = (limit: Exclude<LimitKind, 'default'>) => routeConfig({ limit });

/** For machines that must not be turned away: probes, scrapes, signed messages of providers. */
export const Unlimited = () => routeConfig({ limit: false });
