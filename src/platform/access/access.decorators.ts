import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { Principal } from './principal.js';

export const PUBLIC = 'evently:public';
export const ROLES = 'evently:roles';
export const LOOK = 'evently:look';

/** Open to everyone; without it a route needs a valid access token. A valid token is still read when one is sent. */
export const Public = () => SetMetadata(PUBLIC, true);

/** Looks at its `Authorization` itself, which is no access token of a person. */
export const OwnCredentials = () => SetMetadata(PUBLIC, 'own');

/** Open to these roles only. `admin` may do whatever `organizer` may. */
export const Roles = (...roles: Principal['role'][]) => SetMetadata(ROLES, roles);

/** Shows data of other people: whoever reads it is in the access log as well. */
export const RecordsLook = () => SetMetadata(LOOK, true);

export const principalOf = (_: unknown, context: ExecutionContext): Principal | undefined =>
  context.switchToHttp().getRequest().user;

/** Who is asking; undefined only on `@Public()` routes without a token. */
export const CurrentUser = createParamDecorator(principalOf);
