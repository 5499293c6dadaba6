import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { Roles } from '../access/access.decorators.js';
import * as schemas from './outbox.schemas.js';
import { OutboxService } from './outbox.service.js';

@ApiTags('admin')
@ApiBearerAuth()
@Roles('admin')
@Controller('admin/outbox')
export class OutboxController {
  constructor(private readonly outbox: OutboxService) {}

  @ApiOperation({ summary: 'How far the readers of facts have come, and what they had to leave behind' })
  @ApiOkResponse({ standardSchema: schemas.outboxBody })
  @Get()
  read() {
    return this.outbox.read();
  }

  @ApiOperation({ summary: 'Give a parked stream to its handler again, from the fact that failed' })
  @ApiNoContentResponse({ description: 'The handler has taken all that waited' })
  @ApiNotFoundResponse({ description: 'No such stream is parked' })
  @Post('parked/retry')
  @HttpCode(204)
  retry(@Body({ schema: schemas.parkedStream }) stream: schemas.ParkedStreamName) {
    return this.outbox.retry(stream);
  }
}
