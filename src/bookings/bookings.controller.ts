import { Controller, Delete, Get, HttpCode, Post, Query } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { BuyersToo, CurrentUser, KeysToo } from '../platform/access/access.decorators.js';
import type { Principal } from '../platform/access/principal.js';
import { IdParam } from '../platform/http/id-param.decorators.js';
import * as schemas from './bookings.schemas.js';
import { BookingsService } from './bookings.service.js';

@ApiTags('bookings')
@Controller('bookings')
export class BookingsController {
  constructor(private readonly bookings: BookingsService) {}

  @BuyersToo('own')
  @Get()
  @ApiOperation({ summary: 'List your bookings, newest first' })
  @ApiOkResponse({ standardSchema: schemas.bookingPage })
  list(@CurrentUser() user: Principal, @Query({ schema: schemas.bookingQuery }) query: schemas.BookingQuery) {
    return this.bookings.list(user, query);
  }

  @BuyersToo('own')
  @KeysToo()
  @Get(':id')
  @ApiOperation({ summary: 'Read a booking of yours, or of an event of yours' })
  @ApiOkResponse({ standardSchema: schemas.bookingBody })
  read(@CurrentUser() user: Principal, @IdParam() id: string) {
    return this.bookings.read(user, id);
  }

  @BuyersToo('own')
  @Post(':id/extend')
  @HttpCode(200)
  @ApiOperation({ summary: 'Extend a hold by the hold time of its event, once' })
  @ApiOkResponse({ standardSchema: schemas.bookingBody })
  @ApiConflictResponse({ description: 'Not a hold any more, extended before, or held until the sale ends' })
  extend(@CurrentUser() user: Principal, @IdParam() id: string) {
    return this.bookings.extend(user, id);
  }

  @BuyersToo('own')
  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Release a hold: its seats and places are free again' })
  @ApiNoContentResponse({ description: 'Released' })
  @ApiConflictResponse({ description: 'Not a hold any more' })
  release(@CurrentUser() user: Principal, @IdParam() id: string) {
    return this.bookings.release(user, id);
  }
}
