import { Controller, Get, Query } from '@nestjs/common';
import { ApiForbiddenResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Limited } from '../auth/limits/limits.decorators.js';
import { CurrentUser, Public } from '../platform/access/access.decorators.js';
import type { Principal } from '../platform/access/principal.js';
import { Cached } from '../platform/cache/cache.decorators.js';
import * as schemas from './event-lists.schemas.js';
import { EventListsService } from './event-lists.service.js';

/** Short cache time, because no facts tell of the clock and of the free places, which change every second of a sale. */
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
  @ApiForbiddenResponse({ description: '`status` without `mine` is for administrators' })
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

  @Get('cities')
  @Cached({ ...CACHED, ttl: 10, stale: 20 })
  @ApiOperation({ summary: 'List the cities of events to come' })
  @ApiOkResponse({ standardSchema: schemas.eventCities })
  cities() {
    return this.lists.cities();
  }
}
