import { Body, Controller, Get, Header, Param, Post, RawBody } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser, Public, Roles } from '../auth/auth.decorators.js';
import type { Principal } from '../auth/principal.js';
import { Cached } from '../cache/cache.decorators.js';
import { Idempotent, IdempotentCall } from '../common/idempotent-call.js';
import { memberSource } from '../common/json-source.js';
import { idParams } from '../common/schemas.js';
import { Limited } from '../limits/limits.decorators.js';
import * as schemas from './plans.schemas.js';
import { PlansService } from './plans.service.js';

/** A plan of 50,000 seats as the editor exports it has 7 to 12 MB. */
const PLAN_BODY_LIMIT = 32 * 1024 * 1024;

@ApiTags('venues')
@Controller('venues/:id/seating-plans')
export class PlansController {
  constructor(private readonly plans: PlansService) {}

  @Roles('organizer')
  @Post()
  @RouteConfig({ bodyLimit: PLAN_BODY_LIMIT })
  @ApiOperation({ summary: 'Import a seating plan into a venue of yours' })
  @ApiCreatedResponse({ standardSchema: schemas.planSummary })
  import(
    @CurrentUser() user: Principal,
    @Param({ schema: idParams }) { id }: { id: string },
    @Body({ schema: schemas.newPlan }) body: schemas.NewPlan,
    @RawBody() raw: Buffer,
    @Idempotent() call: IdempotentCall,
  ) {
    return this.plans.import(user, id, body, memberSource(raw.toString(), 'plan'), call);
  }

  @Public()
  @Get()
  @Cached({ ttl: 60, tags: ['venue:{id}', 'seating_plan'] })
  @ApiOperation({ summary: 'List the seating plans of a venue, newest first' })
  @ApiOkResponse({ standardSchema: schemas.planList })
  list(@Param({ schema: idParams }) { id }: { id: string }) {
    return this.plans.list(id);
  }

  @Roles('organizer')
  @Get(':planId')
  @Limited('documents')
  @Header('Content-Type', 'application/json; charset=utf-8')
  @Header('Cache-Control', 'private, max-age=31536000, immutable')
  @ApiOperation({ summary: 'Export a seating plan exactly as it was imported' })
  @ApiOkResponse({ standardSchema: schemas.planExport })
  export(@Param({ schema: schemas.planParams }) { id, planId }: { id: string; planId: string }) {
    return this.plans.export(id, planId);
  }
}
