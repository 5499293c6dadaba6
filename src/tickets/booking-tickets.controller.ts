import { Controller, Get, Header, Headers, Param, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../auth/auth.decorators.js';
import type { Principal } from '../auth/principal.js';
import { localeOf } from '../common/locale.js';
import { idParams } from '../common/schemas.js';
import { Limited } from '../limits/limits.decorators.js';
import { TicketDocuments } from './ticket-documents.service.js';
import * as schemas from './tickets.schemas.js';
import { TicketsService } from './tickets.service.js';

@ApiTags('tickets')
@Controller('bookings/:id')
export class BookingTicketsController {
  constructor(
    private readonly tickets: TicketsService,
    private readonly documents: TicketDocuments,
  ) {}

  @Get('tickets')
  @ApiOperation({ summary: 'Tickets of a booking of yours' })
  @ApiOkResponse({ standardSchema: schemas.ticketList })
  list(@CurrentUser() user: Principal, @Param({ schema: idParams }) { id }: { id: string }) {
    return this.tickets.ofBooking(user, id);
  }

  @Get('tickets.pdf')
  @Limited('documents')
  @Header('Cache-Control', 'private, no-store')
  @ApiOperation({ summary: 'All good tickets of a booking of yours, to print; a page each' })
  @ApiProduces('application/pdf')
  @ApiOkResponse({ description: 'The pages', schema: { type: 'string', format: 'binary' } })
  async pdf(
    @CurrentUser() user: Principal,
    @Param({ schema: idParams }) { id }: { id: string },
    @Headers('accept-language') language: string | undefined,
  ) {
    const pages = await this.documents.bookingPdf(user, id, localeOf(language));
    const disposition = 'inline; filename="tickets.pdf"';
    return new StreamableFile(pages, { type: 'application/pdf', disposition });
  }

  @Get('tickets.ics')
  @Header('Cache-Control', 'private, no-store')
  @ApiOperation({ summary: 'The event as a calendar entry' })
  @ApiProduces('text/calendar')
  @ApiOkResponse({ description: 'iCalendar (RFC 5545)', schema: { type: 'string' } })
  async calendar(
    @CurrentUser() user: Principal,
    @Param({ schema: idParams }) { id }: { id: string },
    @Headers('accept-language') language: string | undefined,
  ) {
    const entry = await this.documents.calendar(user, id, localeOf(language));
    const disposition = 'attachment; filename="event.ics"';
    return new StreamableFile(Buffer.from(entry), { type: 'text/calendar; charset=utf-8', disposition });
  }
}
