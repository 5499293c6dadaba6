import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import { HealthCheck } from '@nestjs/terminus';
import { Unlimited } from '../../auth/limits/limits.decorators.js';
import { Public } from '../../platform/access/access.decorators.js';
import * as schemas from './health.schemas.js';
import { HealthService } from './health.service.js';

/** Answers and headers are documented here: errors are problem documents as everywhere. */
const OWN_ANSWERS = { noCache: false, swaggerDocumentation: false };

@ApiTags('health')
@Public()
@Controller('health')
export class HealthController {
  constructor(private readonly health: HealthService) {}

  @Get('live')
  @Unlimited()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'The process runs and answers; nothing else is asked' })
  @ApiOkResponse({ standardSchema: schemas.live })
  live() {
    return this.health.live();
  }

  @Get('ready')
  @HealthCheck(OWN_ANSWERS)
  @Unlimited()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'May be sent requests: the database answers, takes changes and is migrated' })
  @ApiOkResponse({ standardSchema: schemas.ready })
  @ApiServiceUnavailableResponse({
    description: '`database_unavailable`, `database_failing`, `not_migrated` or `shutting_down`',
  })
  ready() {
    return this.health.ready();
  }

  @Get('status')
  @HealthCheck(OWN_ANSWERS)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'State of the replica for operators; always 200 while the process answers' })
  @ApiOkResponse({ standardSchema: schemas.status })
  status() {
    return this.health.status();
  }
}
