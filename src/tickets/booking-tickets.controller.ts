import { Controller, Get, Header, Headers } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Limited } from '../auth/limits/limits.decorators.js';
import { BuyersToo, CurrentUser } from '../platform/access/access.decorators.js';
import type { Principal } from '../platform/access/principal.js';
import { localeOf } from '../platform/http/accept.js';
import { calendarFile, pdfFile } from '../platform/http/files.js';
import { IdParam } from '../platform/http/id-param.decorators.js';
import { TicketCalendarService } from './documents/ticket-calendar.service.js';
import { TicketDocumentsService } from './documents/ticket-documents.service.js';
import * as schemas from './tickets.schemas.js';
import { TicketsService } from './tickets.service.js';

@ApiTags('tickets')
@Controller('bookings/:id')
export class BookingTicketsController {
  constructor(
    private readonly tickets: TicketsService,
    private readonly documents: TicketDocumentsService,
    private readonly calendars: TicketCalendarService,
  ) {}

  @BuyersToo('own')
  @Get('tickets')
  @ApiOperation({ summary: 'Tickets of a booking of yours' })
  @ApiOkResponse({ standardSchema: schemas.ticketList })
  list(@CurrentUser() user: Principal, @IdParam() id: string) {
    return this.tickets.ofBooking(user, id);
  }

  @BuyersToo('own')
  @Get('tickets.pdf')
  @Limited('documents')
  @Header('Cache-Control', 'private, no-store')
  @ApiOperation({ summary: 'All good tickets of a booking of yours, to print; a page each' })
  @ApiProduces('application/pdf')
  @ApiOkResponse({ description: 'The pages', schema: { type: 'string', format: 'binary' } })
  async pdf(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Headers('accept-language') language: string | undefined,
  ) {
    return pdfFile(await this.documents.bookingPdf(user, id, localeOf(language)), 'tickets.pdf');
  }

  @BuyersToo('own')
  @Get('tickets.ics')
  @Header('Cache-Control', 'private, no-store')
  @ApiOperation({
    summary:
      'The event as a calendar entry; each is newer than those before, and cancels them when nothing is left',
  })
  @ApiProduces('text/calendar')
  @ApiOkResponse({ description: 'iCalendar (RFC 5545)', schema: { type: 'string' } })
  async calendar(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Headers('accept-language') language: string | undefined,
  ) {
    return calendarFile(await this.calendars.ofBooking(user, id, localeOf(language)));
  }
}
