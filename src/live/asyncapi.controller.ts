import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../platform/access/access.decorators.js';
import { AsyncApiService } from './asyncapi.service.js';

@ApiExcludeController()
@Controller('asyncapi.json')
export class AsyncApiController {
  constructor(private readonly documents: AsyncApiService) {}

  @Public()
  @Get()
  @Header('Cache-Control', 'public, max-age=300')
  document() {
    return this.documents.document;
  }
}
