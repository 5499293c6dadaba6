import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser, KeysToo } from '../../platform/access/access.decorators.js';
import type { Principal } from '../../platform/access/principal.js';
import { IdParam } from '../../platform/http/id-param.decorators.js';
import * as schemas from './history.schemas.js';
import { HistoryService } from './history.service.js';

@ApiTags('bookings')
@Controller('bookings')
export class HistoryController {
  constructor(private readonly history: HistoryService) {}

  @KeysToo()
  @Get(':id/history')
  @ApiOperation({ summary: 'Read what happened to a booking, its payments and its tickets, oldest first' })
  @ApiOkResponse({ standardSchema: schemas.bookingHistory })
  read(@CurrentUser() user: Principal, @IdParam() id: string) {
    return this.history.ofBooking(user, id);
  }
}
