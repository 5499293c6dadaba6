import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser, Public } from '../auth/auth.decorators.js';
import type { Principal } from '../auth/principal.js';
import { Cached } from '../cache/cache.decorators.js';
import { Limited } from '../limits/limits.decorators.js';
import * as schemas from './event-lists.schemas.js';
import { EventListsService } from './event-lists.service.js';

/** The clock and the count of free places, which changes every second of a sale, have no facts: hence so short a time. */
const CACHED = { ttl: 2, stale: 3, tags: ['event', 'venue'], maxAge: 1 };

@Public()
@ApiTags('events')
@Controller('events')
export class EventListsController {
  constructor(private readonly lists: EventListsService) {}

  @Get()
  @Limited('search')
  @Cached(CACHED)
  @ApiOperation({ summary: 'List and search events' })
  @ApiOkResponse({ standardSchema: schemas.eventList })
  list(
    @Query({ schema: schemas.eventQuery }) query: schemas.EventQuery,
    @CurrentUser() user: Principal | undefined,
  ) {
    return this.lists.list(query, user);
  }

  @Get('upcoming')
  @Cached(CACHED)
  @ApiOperation({ summary: 'List events that have not begun, soonest first' })
  @ApiOkResponse({ standardSchema: schemas.eventList })
  upcoming(@Query({ schema: schemas.upcomingQuery }) query: schemas.UpcomingQuery) {
    return this.lists.upcoming(query);
  }

  @Get('popular')
  @Cached(CACHED)
  @ApiOperation({ summary: 'List events to come that have sold the largest share of their places' })
  @ApiOkResponse({ standardSchema: schemas.popularEvents })
  popular(@Query({ schema: schemas.popularQuery }) query: schemas.PopularQuery) {
    return this.lists.popular(query);
  }

  @Get('categories')
  @Cached({ ...CACHED, ttl: 10, stale: 20 })
  @ApiOperation({ summary: 'List the categories of events to come' })
  @ApiOkResponse({ standardSchema: schemas.eventCategories })
  categories() {
    return this.lists.categories();
  }
}
