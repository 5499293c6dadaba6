import { Controller, Delete, Get, HttpCode, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Limited } from '../auth/limits/limits.decorators.js';
import { CurrentUser, Needs, Recorded } from '../platform/access/access.decorators.js';
import type { Principal } from '../platform/access/principal.js';
import { IdParam } from '../platform/http/id-param.decorators.js';
import * as schemas from './customers.schemas.js';
import { CustomersService } from './customers.service.js';

@ApiTags('customers')
@Needs('people')
@Controller('customers')
export class CustomersController {
  constructor(private readonly customers: CustomersService) {}

  @Get()
  @ApiOperation({ summary: 'Customers of your shop, newest first' })
  @ApiOkResponse({ standardSchema: schemas.customerPage })
  list(
    @CurrentUser() user: Principal,
    @Query({ schema: schemas.customerQuery }) query: schemas.CustomerQuery,
  ) {
    return this.customers.list(user, query);
  }

  @Recorded()
  @Get(':id/export')
  @Limited('documents')
  @ApiOperation({
    summary: 'Everything kept about a customer of yours, for when they ask; a look is recorded',
  })
  @ApiOkResponse({ standardSchema: schemas.customerExport })
  export(@CurrentUser() user: Principal, @IdParam() id: string) {
    return this.customers.export(user, id);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Erase a customer of yours: personal data is gone, sessions end',
    description: 'Bookings and tickets stay, without a name. The same reference is somebody new afterwards.',
  })
  @ApiNoContentResponse({ description: 'Erased' })
  erase(@CurrentUser() user: Principal, @IdParam() id: string) {
    return this.customers.erase(user, id);
  }
}
