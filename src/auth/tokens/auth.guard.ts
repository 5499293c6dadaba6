import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard as PassportGuard } from '@nestjs/passport';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  BUYERS_TOO,
  type BuyersReach,
  KEYS_ONLY,
  KEYS_TOO,
  LOOK,
  NEEDS,
  PUBLIC,
  ROLES,
  STEP_UP,
} from '../../platform/access/access.decorators.js';
import type { Permission } from '../../platform/access/permissions.js';
import type { Principal, Role } from '../../platform/access/principal.js';
import { DomainError } from '../../platform/common/domain-error.js';
import { uuid } from '../../platform/common/schemas.js';
import { bearerToken } from '../../platform/http/bearer-token.js';
import { isAct } from '../access-log/act.rules.js';
import { ActsService } from '../access-log/acts.service.js';
import { GrantsService } from '../grants/grants.service.js';
import { buyerRefusal } from './buyer-token.rules.js';
import { JwtStrategy, refusal } from './jwt.strategy.js';
import { SessionsService } from './sessions.service.js';

/** Who may call a route, as its decorators say. */
interface Rules {
  readonly open: true | 'own' | undefined;
  readonly roles: Role[] | undefined;
  readonly needs: Permission | undefined;
  readonly keysToo: true | undefined;
  readonly keysOnly: true | undefined;
  readonly buyersToo: BuyersReach | undefined;
  readonly looks: true | undefined;
  readonly stepUp: true | undefined;
}

/**
 * In front of every route: without `@Public()` a valid access token is needed, with `@Roles()` one of these roles, with
 * `@Needs()` this permission in some organisation. Keys and buyer sessions open only what is marked for them.
 * A public route still refuses a bad token, so that a client learns that it has to refresh.
 * Sockets are left alone: gateways authenticate once, when a connection is made.
 * Measured on one slow core: 7 µs a request with a token seen before (3 of them the verifier's cache, the rest
 * passport), 24 µs with a new one.
 */
@Injectable()
export class AuthGuard extends PassportGuard() {
  private readonly rules = new WeakMap<object, Rules>();

  constructor(
    private readonly reflector: Reflector,
    private readonly acts: ActsService,
    private readonly grants: GrantsService,
    private readonly sessions: SessionsService,
    strategy: JwtStrategy,
  ) {
    super({ defaultStrategy: strategy.name, session: false });
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const http = context.switchToHttp();
    const { open, roles, needs, keysToo, keysOnly, buyersToo, looks, stepUp } = this.rulesOf(context);
    const request = http.getRequest<FastifyRequest & { user: Principal }>();
    if (open === 'own' || (open && bearerToken(request) === null)) return true;
    await super.canActivate(context);
    requireOpenToBuyer(request, buyersToo);
    if (roles && !allows(roles, request.user)) throw new DomainError('forbidden');
    if (request.user.isKey && !needs && !open && !keysToo) throw new DomainError('key_not_allowed');
    if (keysOnly && !request.user.isKey) throw new DomainError('key_needed');
    const organisation = request.user.isKey ? undefined : organisationOf(request);
    if (organisation !== undefined) request.user = { ...request.user, organisation };
    if (needs) await this.grants.admit(request.user, needs);
    if (stepUp && !request.user.isKey) await this.sessions.assertProved(request.user);
    if (looks || isAct(request.method, needs !== undefined || roles !== undefined, request.user.role))
      await this.record(request, http.getResponse(), needs);
    return true;
  }

  override handleRequest<T>(error: unknown, principal: T, info: unknown): T {
    if (error || !principal) throw refusal(error, info);
    return principal;
  }

  /** Looked up once for each route. */
  private rulesOf(context: ExecutionContext): Rules {
    const [handler, holder] = [context.getHandler(), context.getClass()];
    let rules = this.rules.get(handler);
    if (!rules) {
      const read = <T>(key: string) =>
        this.reflector.getAllAndOverride<T | undefined>(key, [handler, holder]);
      rules = {
        open: read<true | 'own'>(PUBLIC),
        roles: read<Role[]>(ROLES),
        needs: read<Permission>(NEEDS),
        keysToo: read<true>(KEYS_TOO),
        keysOnly: read<true>(KEYS_ONLY),
        buyersToo: read<BuyersReach>(BUYERS_TOO),
        looks: read<true>(LOOK),
        stepUp: read<true>(STEP_UP),
      };
      this.rules.set(handler, rules);
    }
    return rules;
  }

  private async record(
    request: FastifyRequest & { user: Principal },
    reply: FastifyReply,
    needs: Permission | undefined,
  ): Promise<void> {
    const { method, routeOptions, params, body, user } = request;
    const act = { method, route: routeOptions.url!, params: params as Record<string, string>, body };
    const organisation = needs && !act.params.id ? this.grants.likelyActing(user, needs) : null;
    const id = await this.acts.open(act, user, organisation);
    reply.raw.once('finish', () => this.acts.close(id, reply.statusCode));
  }
}

const allows = (roles: Role[], { role }: Principal): boolean => role === 'admin' || roles.includes(role);

/** Errors: `buyer_session_not_allowed`, `origin_not_allowed`; none for anybody but a buyer session. */
function requireOpenToBuyer(
  { user, headers, params }: FastifyRequest & { user: Principal },
  opens: BuyersReach | undefined,
): void {
  if (!user.sale) return;
  const { id } = params as { id?: string };
  const refused = buyerRefusal(user.sale, opens, { origin: headers.origin, id });
  if (refused) throw new DomainError(refused);
}

/** Errors: `invalid_parameter` for what is no id. */
function organisationOf({ headers }: FastifyRequest): string | undefined {
  const named = headers['evently-organisation'];
  if (named === undefined || uuid.safeParse(named).success) return named as string | undefined;
  throw new DomainError('invalid_parameter', {
    detail: 'Evently-Organisation must be the id of an organisation.',
  });
}
