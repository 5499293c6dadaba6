import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { Permission } from './permissions.js';
import type { Principal } from './principal.js';

export const PUBLIC = 'evently:public';
export const ROLES = 'evently:roles';
export const KEYS_TOO = 'evently:keys-too';
export const KEYS_ONLY = 'evently:keys-only';
export const BUYERS_TOO = 'evently:buyers-too';
export const LOOK = 'evently:look';
export const NEEDS = 'evently:needs';
export const STEP_UP = 'evently:step-up';

/** Open to everyone; without it a route needs a valid access token. A valid token is still read when one is sent. */
export const Public = () => SetMetadata(PUBLIC, true);

/** Looks at its `Authorization` itself, which is no access token of a person. */
export const OwnCredentials = () => SetMetadata(PUBLIC, 'own');

/** Open to these roles only. */
export const Roles = (...roles: Principal['role'][]) => SetMetadata(ROLES, roles);

/**
 * In the access log whoever calls it: it shows data of other people, or changes who belongs to an organisation though it needs no
 * permission.
 */
export const Recorded = () => SetMetadata(LOOK, true);

/**
 * Open to members with this permission in any organisation, and to administrators. The use case looks whether it is the
 * organisation, and the event, that the request is about.
 */
export const Needs = (permission: Permission) =>
  applyDecorators(SetMetadata(NEEDS, permission), ApiExtension('x-permission', permission));

/**
 * Opens only to a person who proved within the last 15 minutes who they are, by logging in or by `POST /auth/step-up`.
 * Keys, which can prove nothing, are not asked.
 */
export const StepUp = () => applyDecorators(SetMetadata(STEP_UP, true), ApiExtension('x-step-up', true));

/** Open to keys of organisations though no permission is marked: the use case asks for it. */
export const KeysToo = () => SetMetadata(KEYS_TOO, true);

/** Open to keys alone: people do this otherwise. */
export const KeysOnly = () => SetMetadata(KEYS_ONLY, true);

/** Where a route says what it is about: the id in its path is that of an event, or the use case looks. */
export type BuyersReach = 'event' | 'own';

/** Open to buyer sessions as well, for their event or for what is their customer's own of it. */
export const BuyersToo = (reach: BuyersReach) =>
  applyDecorators(SetMetadata(BUYERS_TOO, reach), ApiExtension('x-buyer-session', reach));

export const principalOf = (_: unknown, context: ExecutionContext): Principal | undefined =>
  context.switchToHttp().getRequest().user;

/** Who is asking; undefined only on `@Public()` routes without a token. */
export const CurrentUser = createParamDecorator(principalOf);
