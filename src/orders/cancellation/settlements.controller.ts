import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser, Roles, StepUp } from '../../platform/access/access.decorators.js';
import type { Principal } from '../../platform/access/principal.js';
import { IdParam } from '../../platform/http/id-param.decorators.js';
import * as schemas from './cancellation.schemas.js';
import { SettlementsService } from './settlements.service.js';

@ApiTags('admin')
@Roles('admin')
@Controller('admin/refunds/:id')
export class SettlementsController {
  constructor(private readonly settlements: SettlementsService) {}

  @StepUp()
  @Post('settle')
  @HttpCode(200)
  @ApiOperation({
    summary: 'End a refund that the provider refuses, so that its seats are free',
    description:
      'Its cancellation is among the stuck ones at `/admin/sagas`. The decision is kept as a fact with its author.',
  })
  @ApiOkResponse({ standardSchema: schemas.settledRefund })
  settle(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Body({ schema: schemas.settleInput }) body: schemas.SettleInput,
  ) {
    return this.settlements.settle(user, id, body);
  }
}
