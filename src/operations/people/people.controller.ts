import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { bookingPage } from '../../bookings/bookings.schemas.js';
import { CurrentUser, Recorded, Roles } from '../../platform/access/access.decorators.js';
import type { Principal } from '../../platform/access/principal.js';
import { IdParam } from '../../platform/http/id-param.decorators.js';
import * as schemas from './people.schemas.js';
import { PersonService } from './person.service.js';

@ApiTags('admin')
@ApiBearerAuth()
@Roles('admin')
@Recorded()
@Controller('admin/users/:id')
export class PeopleController {
  constructor(private readonly people: PersonService) {}

  @ApiOperation({ summary: 'An account with its open logins and what was paid; a look is recorded' })
  @ApiOkResponse({ standardSchema: schemas.person })
  @Get()
  read(@IdParam() id: string) {
    return this.people.read(id);
  }

  @ApiOperation({ summary: 'Bookings of an account, newest first; a look is recorded' })
  @ApiOkResponse({ standardSchema: bookingPage })
  @Get('bookings')
  bookings(
    @CurrentUser() reader: Principal,
    @IdParam() id: string,
    @Query({ schema: schemas.personBookingQuery }) query: schemas.PersonBookingQuery,
  ) {
    return this.people.bookings(reader, id, query);
  }
}
