import { holdService } from './hold-service.js';
import type { Scenario } from './scenario.js';

export const SCENARIOS: readonly Scenario[] = [holdService];
