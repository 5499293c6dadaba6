export { type ClientOptions, createClient, EventlyClient } from './client.js';
export type { FromClients, FromServer } from './live.gen.js';
export type { Live, LiveOptions } from './live.js';
export type { components, operations, paths } from './openapi.gen.js';
export { type ErrorCode, isProblem, ok, Problem } from './problem.js';
export {
  type AreaState,
  type Geometry,
  SEAT_STATES,
  SeatMap,
  type SeatMapEvents,
  type SeatState,
  type SeatStates,
} from './seat-map.js';
export type { StepUp } from './send.js';
export { type DeviceStore, memoryStore, type Session, type TokenStore, type Tokens } from './session.js';
