import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser, Roles } from '../auth/auth.decorators.js';
import type { Principal } from '../auth/principal.js';
import { idParams } from '../common/schemas.js';
import { CheckInService } from './check-in.service.js';
import * as schemas from './tickets.schemas.js';

@ApiTags('tickets')
@Roles('organizer')
@Controller('events/:id/check-in')
export class CheckInController {
  constructor(private readonly gates: CheckInService) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Let the holder of a ticket in; of many scans the first one wins',
    description: 'A second scan is 409 `already_checked_in` and says when and where the first one was.',
  })
  @ApiOkResponse({ standardSchema: schemas.scanned })
  enter(
    @CurrentUser() user: Principal,
    @Param({ schema: idParams }) { id }: { id: string },
    @Body({ schema: schemas.scan }) body: schemas.Scan,
  ) {
    return this.gates.enter(user, id, body);
  }

  @Post('undo')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take a scan back' })
  @ApiOkResponse({ standardSchema: schemas.scanned })
  leave(
    @CurrentUser() user: Principal,
    @Param({ schema: idParams }) { id }: { id: string },
    @Body({ schema: schemas.scan }) body: schemas.Scan,
  ) {
    return this.gates.leave(user, id, body);
  }

  @Get()
  @ApiOperation({ summary: 'How many are in, by gate' })
  @ApiOkResponse({ standardSchema: schemas.attendance })
  attendance(@CurrentUser() user: Principal, @Param({ schema: idParams }) { id }: { id: string }) {
    return this.gates.attendance(user, id);
  }
}
