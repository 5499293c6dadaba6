import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../auth/auth.decorators.js';
import type { Principal } from '../auth/principal.js';
import { idParams } from '../common/schemas.js';
import * as schemas from './history.schemas.js';
import { HistoryService } from './history.service.js';

@ApiTags('bookings')
@Controller('bookings')
export class HistoryController {
  constructor(private readonly history: HistoryService) {}

  @Get(':id/history')
  @ApiOperation({ summary: 'Read what happened to a booking, its payments and its tickets, oldest first' })
  @ApiOkResponse({ standardSchema: schemas.bookingHistory })
  read(@CurrentUser() user: Principal, @Param({ schema: idParams }) { id }: { id: string }) {
    return this.history.ofBooking(user, id);
  }
}
