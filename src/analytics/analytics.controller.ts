import { Controller, Get, Header, Query, UseInterceptors } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { CurrentUser, Needs } from '../platform/access/access.decorators.js';
import type { Principal } from '../platform/access/principal.js';
import { IdParam } from '../platform/http/id-param.decorators.js';
import * as schemas from './analytics.schemas.js';
import { AnalyticsService } from './analytics.service.js';
import { ReportInterceptor } from './report.interceptor.js';

@ApiTags('analytics')
@Needs('money')
@UseInterceptors(ReportInterceptor)
@Controller('analytics')
export class AnalyticsController {
  constructor(private readonly analytics: AnalyticsService) {}

  @Get('summary')
  @Header('Cache-Control', 'private, no-store')
  @ApiOperation({ summary: 'Sales of all your events in a period, beside those of the period before' })
  @ApiProduces('application/json', 'text/csv')
  @ApiOkResponse({ standardSchema: schemas.summaryBody })
  summary(
    @CurrentUser() user: Principal,
    @Query({ schema: schemas.summaryQuery }) query: schemas.SummaryQuery,
  ) {
    return this.analytics.summary(user, query);
  }

  @Get('popular')
  @Header('Cache-Control', 'private, no-store')
  @ApiOperation({ summary: 'List your events that sold the most tickets in a period' })
  @ApiProduces('application/json', 'text/csv')
  @ApiOkResponse({ standardSchema: schemas.popularBody })
  popular(
    @CurrentUser() user: Principal,
    @Query({ schema: schemas.popularQuery }) query: schemas.PopularQuery,
  ) {
    return this.analytics.popular(user, query);
  }

  @Get('timeseries')
  @Header('Cache-Control', 'private, no-store')
  @ApiOperation({ summary: 'Sales by day or hour, at the place of the event' })
  @ApiProduces('application/json', 'text/csv')
  @ApiOkResponse({ standardSchema: schemas.timeseriesBody })
  @ApiNotFoundResponse({ description: 'There is no such event of yours' })
  timeseries(
    @CurrentUser() user: Principal,
    @Query({ schema: schemas.timeseriesQuery }) query: schemas.TimeseriesQuery,
  ) {
    return this.analytics.timeseries(user, query);
  }

  @Get('cancellations')
  @Header('Cache-Control', 'private, no-store')
  @ApiOperation({ summary: 'How many tickets are given back, for which reasons, and what that costs' })
  @ApiProduces('application/json', 'text/csv')
  @ApiOkResponse({ standardSchema: schemas.cancellationsBody })
  @ApiNotFoundResponse({ description: 'There is no such event of yours' })
  cancellations(
    @CurrentUser() user: Principal,
    @Query({ schema: schemas.cancellationsQuery }) query: schemas.CancellationsQuery,
  ) {
    return this.analytics.cancellations(user, query);
  }

  @Get('events/:id')
  @Header('Cache-Control', 'private, no-store')
  @ApiOperation({
    summary: 'Sales of an event of yours, how full its sections are, and when it was sold out',
  })
  @ApiProduces('application/json', 'text/csv')
  @ApiOkResponse({ standardSchema: schemas.eventBody })
  event(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Query({ schema: schemas.summaryQuery }) query: schemas.SummaryQuery,
  ) {
    return this.analytics.event(user, id, query);
  }
}
