import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import { Public } from '../auth/auth.decorators.js';
import { Unlimited } from '../limits/limits.decorators.js';
import * as schemas from './health.schemas.js';
import { HealthService } from './health.service.js';

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
  @Unlimited()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'May be sent requests: the database answers and is migrated' })
  @ApiOkResponse({ standardSchema: schemas.ready })
  @ApiServiceUnavailableResponse({
    description: '`database_unavailable`, `not_migrated` or `shutting_down`',
  })
  ready() {
    return this.health.ready();
  }

  @Get('status')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'What an operator wants to know; always 200 while the process answers' })
  @ApiOkResponse({ standardSchema: schemas.status })
  status() {
    return this.health.status();
  }
}
