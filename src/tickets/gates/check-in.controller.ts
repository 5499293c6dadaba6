import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser, Needs } from '../../platform/access/access.decorators.js';
import type { Principal } from '../../platform/access/principal.js';
import type { IdempotentCall } from '../../platform/common/idempotent-call.js';
import { IdParam } from '../../platform/http/id-param.decorators.js';
import { Idempotent } from '../../platform/http/idempotent.decorators.js';
import * as schemas from '../tickets.schemas.js';
import { CheckInService } from './check-in.service.js';

@ApiTags('tickets')
@Needs('door')
@Controller('events/:id/check-in')
export class CheckInController {
  constructor(private readonly gates: CheckInService) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Let the holder of a ticket in; of many scans the first one wins',
    description:
      'A second scan is 409 `already_checked_in` and says when and where the first one was, and whose ticket it is. A scan whose answer was lost is repeated with its `Idempotency-Key`: it gets that answer.',
  })
  @ApiOkResponse({ standardSchema: schemas.scanned })
  enter(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Body({ schema: schemas.scan }) body: schemas.Scan,
    @Idempotent() call: IdempotentCall | undefined,
  ) {
    return this.gates.enter(user, id, body, call);
  }

  @Post('undo')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take a scan back' })
  @ApiOkResponse({ standardSchema: schemas.scanned })
  leave(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Body({ schema: schemas.scan }) body: schemas.Scan,
    @Idempotent() call: IdempotentCall | undefined,
  ) {
    return this.gates.leave(user, id, body, call);
  }

  @Get()
  @ApiOperation({ summary: 'How many are in, by gate' })
  @ApiOkResponse({ standardSchema: schemas.attendance })
  attendance(@CurrentUser() user: Principal, @IdParam() id: string) {
    return this.gates.attendance(user, id);
  }
}
