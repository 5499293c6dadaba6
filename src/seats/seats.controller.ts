import { Controller, Get, Headers, Param, Query, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { CurrentUser, Public, Roles } from '../auth/auth.decorators.js';
import type { Principal } from '../auth/principal.js';
import { PrintedInterceptor } from '../common/printed.interceptor.js';
import { idParams } from '../common/schemas.js';
import { AnsweredAtOnceBy } from '../common/shortcut.js';
import { SeatHistoryService } from './seat-history.service.js';
import { SeatMapService } from './seat-map.service.js';
import * as schemas from './seats.schemas.js';
import { type Accepts, SeatsService } from './seats.service.js';

@ApiTags('seats')
@Controller('events/:id')
export class SeatsController {
  constructor(
    private readonly seats: SeatsService,
    private readonly maps: SeatMapService,
    private readonly histories: SeatHistoryService,
  ) {}

  @Public()
  @Get('seat-map')
  @UseInterceptors(PrintedInterceptor)
  @ApiOperation({
    summary: 'Geometry and categories of the seats; never changes once the event is published',
  })
  @ApiOkResponse({ standardSchema: schemas.seatMap })
  map(
    @CurrentUser() user: Principal | undefined,
    @Param({ schema: idParams }) { id }: { id: string },
    @Query({ schema: schemas.seatMapQuery }) { labels }: schemas.SeatMapQuery,
    @Headers('accept-encoding') acceptEncoding: string | undefined,
  ) {
    return this.maps.map(user, id, labels, acceptEncoding);
  }

  @Public()
  @Get('seats')
  @AnsweredAtOnceBy(SeatsService)
  @UseInterceptors(PrintedInterceptor)
  @ApiOperation({
    summary: 'State of all seats now',
    description:
      'At most 250 ms and one query behind changes made through other replicas. With `Accept: application/octet-stream` only the bytes of `states`; `Seat-Epoch`, `Seat-Seq` and `Seat-Count` are then headers.',
  })
  @ApiProduces('application/json', 'application/octet-stream')
  @ApiOkResponse({ standardSchema: schemas.seatStates })
  states(
    @CurrentUser() user: Principal | undefined,
    @Param({ schema: idParams }) { id }: { id: string },
    @Headers() headers: Accepts,
  ) {
    return this.seats.states(user, id, headers);
  }

  @Public()
  @Get('seats/changes')
  @ApiOperation({ summary: 'What changed after `since`; 410 when the state has to be read again' })
  @ApiOkResponse({ standardSchema: schemas.seatChanges })
  changes(
    @CurrentUser() user: Principal | undefined,
    @Param({ schema: idParams }) { id }: { id: string },
    @Query({ schema: schemas.changesQuery }) { since, epoch }: schemas.ChangesQuery,
  ) {
    return this.seats.changes(user, id, since, epoch);
  }

  @Roles('organizer')
  @Get('seats/:label/history')
  @ApiOperation({ summary: 'What happened to one seat of an event of yours, newest first' })
  @ApiOkResponse({ standardSchema: schemas.seatHistory })
  history(
    @CurrentUser() user: Principal,
    @Param({ schema: schemas.seatParams }) { id, label }: { id: string; label: string },
    @Query({ schema: schemas.historyQuery }) query: schemas.HistoryQuery,
  ) {
    return this.histories.history(user, id, label, query);
  }
}
