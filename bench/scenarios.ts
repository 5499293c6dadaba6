import { browse } from './browse.js';
import { checkout } from './checkout.js';
import { dashboard } from './dashboard.js';
import { figures } from './figures.js';
import { firstPage } from './first-page.js';
import { growth } from './growth.js';
import { holdHttp } from './hold-http.js';
import { holdService } from './hold-service.js';
import { hotSeat } from './hot-seat.js';
import { locks } from './locks.js';
import { login } from './login.js';
import { map } from './map.js';
import { observability } from './observability.js';
import { oneRow } from './one-row.js';
import { overload } from './overload.js';
import { permissions } from './permissions.js';
import { reads } from './reads.js';
import { redisCost } from './redis-cost.js';
import { redisFaults } from './redis-faults.js';
import type { Scenario } from './scenario.js';
import { search } from './search.js';
import { sockets } from './sockets.js';
import { storm } from './storm.js';

export const SCENARIOS: readonly Scenario[] = [
  figures,
  holdService,
  holdHttp,
  hotSeat,
  checkout,
  reads,
  browse,
  search,
  sockets,
  login,
  storm,
  permissions,
  growth,
  dashboard,
  observability,
  overload,
  redisCost,
  redisFaults,
  locks,
  oneRow,
  map,
  firstPage,
];
