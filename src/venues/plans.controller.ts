import { Body, Controller, Get, Header, Post, RawBody } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Limited } from '../auth/limits/limits.decorators.js';
import { CurrentUser, Needs, Public } from '../platform/access/access.decorators.js';
import type { Principal } from '../platform/access/principal.js';
import { Cached } from '../platform/cache/cache.decorators.js';
import type { IdempotentCall } from '../platform/common/idempotent-call.js';
import { memberSource } from '../platform/common/json-source.js';
import { IdParam } from '../platform/http/id-param.decorators.js';
import { Idempotent } from '../platform/http/idempotent.decorators.js';
import * as schemas from './plans.schemas.js';
import { PlansService } from './plans.service.js';

/** A plan of 50,000 seats as the editor exports it has 7 to 12 MB. */
const PLAN_BODY_LIMIT = 32 * 1024 * 1024;

@ApiTags('venues')
@Controller('venues/:id/seating-plans')
export class PlansController {
  constructor(private readonly plans: PlansService) {}

  @Needs('events')
  @Post()
  @RouteConfig({ bodyLimit: PLAN_BODY_LIMIT })
  @ApiOperation({ summary: 'Import a seating plan into a venue of yours' })
  @ApiCreatedResponse({ standardSchema: schemas.planSummary })
  import(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Body({ schema: schemas.newPlan }) body: schemas.NewPlan,
    @RawBody() raw: Buffer,
    @Idempotent() call: IdempotentCall | undefined,
  ) {
    return this.plans.import(user, id, body, memberSource(raw.toString(), 'plan'), call);
  }

  @Public()
  @Get()
  @Cached({ ttl: 60, tags: ['venue:{id}', 'seating_plan'] })
  @ApiOperation({ summary: 'List the seating plans of a venue, newest first' })
  @ApiOkResponse({ standardSchema: schemas.planList })
  list(@IdParam() id: string) {
    return this.plans.list(id);
  }

  @Needs('events')
  @Get(':planId')
  @Limited('documents')
  @Header('Content-Type', 'application/json; charset=utf-8')
  @Header('Cache-Control', 'private, max-age=31536000, immutable')
  @ApiOperation({ summary: 'Export a seating plan exactly as it was imported' })
  @ApiOkResponse({ standardSchema: schemas.planExport })
  export(@IdParam() id: string, @IdParam('planId') planId: string) {
    return this.plans.export(id, planId);
  }
}
