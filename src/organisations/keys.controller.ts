import { Body, Controller, Delete, Get, Header, HttpCode, Post } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { CurrentUser, Needs, StepUp } from '../platform/access/access.decorators.js';
import type { Principal } from '../platform/access/principal.js';
import { IdParam } from '../platform/http/id-param.decorators.js';
import * as schemas from './keys.schemas.js';
import { KeysService } from './keys.service.js';

@ApiTags('organisations')
@Needs('settings')
@Controller('organisations/:id/keys')
export class KeysController {
  constructor(private readonly keys: KeysService) {}

  @Get()
  @ApiOperation({
    summary: 'Keys of machines that act for the organisation, newest first; ended ones for a month',
  })
  @ApiOkResponse({ standardSchema: schemas.apiKeyList })
  list(@CurrentUser() user: Principal, @IdParam() id: string) {
    return this.keys.list(user, id);
  }

  @StepUp()
  @Post()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    summary: 'Make a key for a machine',
    description:
      'The key is in this answer only. It is sent as a bearer token, opens the routes of its permissions and nothing that is for people, has rate limits and idempotency keys of its own, and never stands in an address.',
  })
  @ApiCreatedResponse({ standardSchema: schemas.madeKey })
  create(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @Body({ schema: schemas.newKeyInput }) body: schemas.NewKeyInput,
  ) {
    return this.keys.create(user, id, body);
  }

  @StepUp()
  @Post(':key/rotate')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Make another key with the same rights; the old one ends after the overlap' })
  @ApiCreatedResponse({ standardSchema: schemas.madeKey })
  rotate(
    @CurrentUser() user: Principal,
    @IdParam() id: string,
    @IdParam('key') key: string,
    @Body({ schema: schemas.rotation }) { overlapHours }: schemas.Rotation,
  ) {
    return this.keys.rotate(user, id, key, overlapHours);
  }

  @Delete(':key')
  @HttpCode(204)
  @ApiOperation({ summary: 'End a key' })
  @ApiNoContentResponse({
    description: 'It opens nothing here at once, and on other replicas within a second',
  })
  end(@CurrentUser() user: Principal, @IdParam() id: string, @IdParam('key') key: string) {
    return this.keys.end(user, id, key);
  }
}
