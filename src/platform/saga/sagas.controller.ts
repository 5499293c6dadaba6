import { Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Roles } from '../access/access.decorators.js';
import { IdParam } from '../http/id-param.decorators.js';
import { SagaOperationsService } from './saga-operations.service.js';
import * as schemas from './sagas.schemas.js';

@ApiTags('admin')
@ApiBearerAuth()
@Roles('admin')
@Controller('admin/sagas')
export class SagasController {
  constructor(private readonly operations: SagaOperationsService) {}

  @ApiOperation({ summary: 'Checkouts, cancellations and other long-running work, newest first' })
  @ApiOkResponse({ standardSchema: schemas.sagaPage })
  @Get()
  list(@Query({ schema: schemas.sagaQuery }) query: schemas.SagaQuery) {
    return this.operations.list(query);
  }

  @ApiOperation({ summary: 'One of them with its steps' })
  @ApiOkResponse({ standardSchema: schemas.sagaBody })
  @Get(':id')
  read(@IdParam() id: string) {
    return this.operations.read(id);
  }

  @ApiOperation({ summary: 'Go on with one that is stuck, or that waits for its next attempt' })
  @ApiOkResponse({ standardSchema: schemas.sagaBody })
  @Post(':id/retry')
  @HttpCode(200)
  retry(@IdParam() id: string) {
    return this.operations.retry(id);
  }
}
