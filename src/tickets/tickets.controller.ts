import { Controller, Get, Header, Headers, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { BuyersToo, CurrentUser, Public } from '../platform/access/access.decorators.js';
import type { Principal } from '../platform/access/principal.js';
import { Cached } from '../platform/cache/cache.decorators.js';
import { localeOf } from '../platform/http/accept.js';
import { calendarFile, pdfFile } from '../platform/http/files.js';
import { IdParam } from '../platform/http/id-param.decorators.js';
import { TicketKeysService } from './codes/ticket-keys.service.js';
import { TicketCalendarService } from './documents/ticket-calendar.service.js';
import { TicketDocumentsService } from './documents/ticket-documents.service.js';
import * as schemas from './tickets.schemas.js';
import { TicketsService } from './tickets.service.js';

const PICTURE = { description: 'The picture', schema: { type: 'string', format: 'binary' } } as const;

@ApiTags('tickets')
@Controller('tickets')
export class TicketsController {
  constructor(
    private readonly tickets: TicketsService,
    private readonly documents: TicketDocumentsService,
    private readonly calendars: TicketCalendarService,
    private readonly keys: TicketKeysService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List the tickets you hold, bought or got from others, newest first' })
  @ApiOkResponse({ standardSchema: schemas.ticketPage })
  list(@CurrentUser() user: Principal, @Query({ schema: schemas.ticketQuery }) query: schemas.TicketQuery) {
    return this.tickets.list(user, query);
  }

  @Public()
  @Get('keys')
  @Cached({ ttl: 3_600, tags: [], maxAge: 3_600, shared: false })
  @ApiOperation({
    summary: 'Public keys of tickets, for checking them without a connection',
    description: 'How a token is read: docs/TICKETS.md.',
  })
  @ApiOkResponse({ standardSchema: schemas.keySet })
  published() {
    return this.keys.published();
  }

  @BuyersToo('own')
  @Get(':id')
  @ApiOperation({ summary: 'Read a ticket you hold or bought' })
  @ApiOkResponse({ standardSchema: schemas.ticket })
  read(@CurrentUser() user: Principal, @IdParam() id: string) {
    return this.tickets.read(user, id);
  }

  @BuyersToo('own')
  @Get(':id/qr.png')
  @Header('Cache-Control', 'private, no-store')
  @ApiOperation({ summary: 'QR code of a ticket you hold' })
  @ApiProduces('image/png')
  @ApiOkResponse(PICTURE)
  async png(@CurrentUser() user: Principal, @IdParam() id: string) {
    return new StreamableFile(await this.documents.png(user, id), { type: 'image/png' });
  }

  @BuyersToo('own')
  @Get(':id/qr.svg')
  @Header('Cache-Control', 'private, no-store')
  @ApiOperation({ summary: 'QR code of a ticket you hold, scalable' })
  @ApiProduces('image/svg+xml')
  @ApiOkResponse(PICTURE)
  async svg(@CurrentUser() user: Principal, @IdParam() id: string) {
    return new StreamableFile(Buffer.from(await this.documents.svg(user, id)), { type: 'image/svg+xml' });
  }

  @BuyersToo('own')
  @Get(':id/ticket.pdf')
  @Header('Cache-Control', 'private, no-store')
  @ApiOperation({ summary: 'A ticket you hold, to print; in the language of `Accept-Language`' })
  @ApiProduces('application/pdf')
  @ApiOkResponse({ ...PICTURE, description: 'One page' })
  async pdf(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Headers('accept-language') language: string | undefined,
  ) {
    return pdfFile(await this.documents.pdf(user, id, localeOf(language)), 'ticket.pdf');
  }

  @BuyersToo('own')
  @Get(':id/event.ics')
  @Header('Cache-Control', 'private, no-store')
  @ApiOperation({ summary: 'The event of a ticket you hold or bought as a calendar entry' })
  @ApiProduces('text/calendar')
  @ApiOkResponse({ description: 'iCalendar (RFC 5545)', schema: { type: 'string' } })
  async calendar(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Headers('accept-language') language: string | undefined,
  ) {
    return calendarFile(await this.calendars.ofTicket(user, id, localeOf(language)));
  }
}
