import { Controller, Get, Headers, Param, Query, UseInterceptors } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { BuyersToo, CurrentUser, Needs, Public } from '../../platform/access/access.decorators.js';
import type { Principal } from '../../platform/access/principal.js';
import { IdParam } from '../../platform/http/id-param.decorators.js';
import { SerializedAnswerInterceptor } from '../../platform/http/serialized-answer.interceptor.js';
import { AnsweredAtOnceBy } from '../../platform/http/shortcut.js';
import { SeatHistoryService } from './seat-history.service.js';
import { SeatMapService } from './seat-map.service.js';
import { type Accepts, SeatStatesService } from './seat-states.service.js';
import * as schemas from './seats.schemas.js';

@ApiTags('seats')
@Controller('events/:id')
export class SeatsController {
  constructor(
    private readonly seats: SeatStatesService,
    private readonly maps: SeatMapService,
    private readonly histories: SeatHistoryService,
  ) {}

  @BuyersToo('event')
  @Public()
  @Get('seat-map')
  @UseInterceptors(SerializedAnswerInterceptor)
  @ApiOperation({
    summary: 'Geometry and categories of the seats; never changes once the event is published',
  })
  @ApiOkResponse({ standardSchema: schemas.seatMap })
  map(
    @CurrentUser() user: Principal | undefined,
    @IdParam() id: string,
    @Query({ schema: schemas.seatMapQuery }) { labels }: schemas.SeatMapQuery,
    @Headers('accept-encoding') acceptEncoding: string | undefined,
  ) {
    return this.maps.map(user, id, labels, acceptEncoding);
  }

  @BuyersToo('event')
  @Public()
  @Get('seats')
  @AnsweredAtOnceBy(SeatStatesService)
  @UseInterceptors(SerializedAnswerInterceptor)
  @ApiOperation({
    summary: 'State of all seats now',
    description:
      'At most 250 ms and one query behind changes made through other replicas. With `Accept: application/octet-stream` only the bytes of `states`; `Seat-Epoch`, `Seat-Seq` and `Seat-Count` are then headers.',
  })
  @ApiProduces('application/json', 'application/octet-stream')
  @ApiOkResponse({ standardSchema: schemas.seatStates })
  @ApiConflictResponse({ description: '`event_not_on_sale`' })
  @ApiUnprocessableEntityResponse({ description: '`at` lies before publishing or in the future' })
  states(
    @CurrentUser() user: Principal | undefined,
    @IdParam() id: string,
    @Query({ schema: schemas.statesQuery }) { at }: schemas.StatesQuery,
    @Headers() headers: Accepts,
  ) {
    return at === undefined
      ? this.seats.states(user, id, headers)
      : this.seats.statesAt(user, id, at, headers);
  }

  @BuyersToo('event')
  @Public()
  @Get('seats/changes')
  @ApiOperation({ summary: 'Changes after `since`; 410 when the state has to be read again' })
  @ApiOkResponse({ standardSchema: schemas.seatChanges })
  @ApiConflictResponse({ description: '`event_not_on_sale`' })
  changes(
    @CurrentUser() user: Principal | undefined,
    @IdParam() id: string,
    @Query({ schema: schemas.changesQuery }) { since, epoch }: schemas.ChangesQuery,
  ) {
    return this.seats.changes(user, id, since, epoch);
  }

  @Needs('people')
  @Get('seats/:label/history')
  @ApiOperation({ summary: 'History of one seat of an event of yours, newest first' })
  @ApiOkResponse({ standardSchema: schemas.seatHistory })
  history(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Param('label', { schema: schemas.label }) label: string,
    @Query({ schema: schemas.historyQuery }) query: schemas.HistoryQuery,
  ) {
    return this.histories.history(user, id, label, query);
  }
}
